"""Starts a real supervisor under a real pseudo-terminal, the way the app does."""
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios
import textwrap
import threading
import time
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "resources" / "python" / "minibatch"
SUPERVISOR = PACKAGE / "supervisor.py"
PYTHON = [sys.executable, "-I", "-S"]
DEADLINE = 20.0


def wait_for(condition, what="the condition", seconds=DEADLINE):
    """Polls until `condition()` is true and returns its value."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("%s did not come true within %g s" % (what, seconds))


def alive(pid):
    """True if the process exists and is no zombie."""
    state = process_state(pid)
    return state is not None and state not in "ZX"


def process_state(pid):
    try:
        return Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()[0]
    except OSError:
        return None


def write_run(folder, command, **changes):
    """Writes run.json into a new run folder."""
    folder.mkdir(parents=True, exist_ok=True)
    plan = {
        "version": 1, "batch": "b", "index": 0, "attempt": 1, "name": "n", "workload": "w", "workloadVersion": 1,
        "workloadFolder": str(folder), "identity": "ab" * 32, "parameters": {}, "seed": 1, "batchSeed": 2,
        "device": "cpu", "threads": 1, "command": command, "environment": {"LC_ALL": "C.UTF-8"},
        "workingFolder": str(folder), "cacheFolder": str(folder), "resumeFrom": None, "memoryLimitMb": None,
        "timeoutSeconds": None, "graceSeconds": 20,
    }
    plan.update(changes)
    (folder / "run.json").write_text(json.dumps(plan))
    return plan


class Supervised:
    """A supervisor and its terminal. `read=False` leaves the terminal unread, as a stuck app does."""

    def __init__(self, folder, code=None, command=None, argv=None, read=True, before=None, size=None, **changes):
        self.folder = folder
        self.output = b""
        self.code = None
        if code is not None:
            command = PYTHON + ["-u", "-c", textwrap.dedent(code)]
        if command is not None:
            write_run(folder, command, **changes)
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            try:
                if before:
                    before()
                os.execv(sys.executable, PYTHON + [str(SUPERVISOR)] + (argv or [str(folder)]))
            finally:
                os._exit(126)
        if size:
            self.resize(*size)
        if read:
            threading.Thread(target=self.read_all, daemon=True).start()

    def read_all(self):
        while True:
            try:
                data = os.read(self.terminal, 65536)
            except OSError:
                return
            if not data:
                return
            self.output += data

    def resize(self, rows, columns):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.terminal, text.encode())

    def signal(self, number):
        os.kill(self.pid, number)

    def status(self):
        try:
            return json.loads((self.folder / "status.json").read_text())
        except FileNotFoundError:
            return {"state": None, "process": None}

    def log(self):
        try:
            return (self.folder / "output.log").read_bytes()
        except FileNotFoundError:
            return b""

    def wait_state(self, state):
        wait_for(lambda: self.status()["state"] == state, "state " + state)
        return self.status()

    def wait_log(self, text):
        wait_for(lambda: text.encode() in self.log(), "%r in output.log" % text)

    def process(self):
        return wait_for(lambda: self.status()["process"], "a process")["pid"]

    def wait(self, seconds=DEADLINE):
        """Waits for the supervisor's end. Returns the last status."""
        wait_for(lambda: self.poll() is not None, "the end of the supervisor", seconds)
        return self.status()

    def poll(self):
        if self.code is None:
            pid, code = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.WEXITSTATUS(code) if os.WIFEXITED(code) else -os.WTERMSIG(code)
        return self.code

    def close(self):
        if self.poll() is None:
            os.kill(self.pid, signal.SIGTERM)
            try:
                self.wait(5)
            except AssertionError:
                os.kill(self.pid, signal.SIGKILL)
                raise
        os.close(self.terminal)


def readable(descriptor, seconds=0.0):
    return bool(select.select([descriptor], [], [], seconds)[0])
