"""Looks after one training process so that it outlives the app.

    supervisor.py <run folder>
    supervisor.py --standby <standby folder> -- <argv of worker.py --standby ...>
    supervisor.py --start-token <pid>

Standard library only and one file: it is copied into each run folder, so an update of the app changes no run that is
under way. A relay (relay.py) has it in memory and uses it for run after run. Files and signals: docs/formats.md. Parts for a Mac (ps, caffeinate) are written from documentation.
"""
import errno
import fcntl
import functools
import json
import os
import select
import signal
import struct
import sys
import termios
import time

CANCEL_SECONDS = 3.0  # from SIGTERM to SIGKILL
LEFTOVER_SECONDS = 1.0  # for children that outlive the training, for example multiprocessing's resource tracker
UNKILLABLE_SECONDS = 5.0  # after SIGKILL, for a process stuck in the kernel
DRAIN_SECONDS = 0.5  # for the last output while someone still holds the terminal
REMEMBER_SECONDS = 10.0  # darwin only: how often children are noted, so that one that loses its parent is still known
RETRY_SECONDS = 2.0  # between attempts to write a status that could not be written
FINAL_RETRIES = 3
FINAL_RETRY_SECONDS = 0.5
MIRROR_BYTES = 65536  # output kept for a slow app terminal; the rest is dropped there, never in output.log
SMOOTH_SECONDS = 5.0  # at most one status a so many seconds about lost output
NEEDED = ("command", "environment", "workingFolder", "timeoutSeconds", "graceSeconds")
SIZE = struct.pack("HHHH", 40, 120, 0, 0)  # rows and columns where the app gave no terminal
DARWIN = sys.platform == "darwin"
CAUGHT = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2, signal.SIGCHLD, signal.SIGWINCH)
IGNORED = (signal.SIGHUP, signal.SIGPIPE, signal.SIGTTOU, signal.SIGTTIN, signal.SIGTSTP, signal.SIGQUIT)


class StartFailed(Exception):
    """The command could not be started; the text is a sentence for people."""


# ---------------------------------------------------------------- processes


def list_processes():
    """Every live process: pid -> (parent, group, session, start). Zombies are left out. Session is 0 on a Mac."""
    return parse_ps(run_ps(["-ax"])) if DARWIN else list_proc()


def list_proc():
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            fields = read_stat(int(name))
            if fields:
                found[int(name)] = (int(fields[1]), int(fields[2]), int(fields[3]), fields[19])
    return found


def read_stat(pid):
    """Fields of /proc/<pid>/stat from the state on, or None. The name in brackets may hold blanks and brackets."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            fields = file.read().decode("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return fields if len(fields) > 19 and fields[0] not in "ZX" else None


def run_ps(selection):
    import subprocess

    # lstart follows locale and time zone: without these two, a journey would make every token stale.
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
    argv = ["/bin/ps"] + selection + ["-o", "pid=,ppid=,pgid=,stat=,lstart="]
    try:
        return subprocess.run(argv, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, timeout=5).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return ""


def parse_ps(text):
    found = {}
    for line in text.splitlines():
        fields = line.split(None, 4)
        if len(fields) == 5 and fields[0].isdigit() and not fields[3].startswith("Z"):
            found[int(fields[0])] = (int(fields[1]), int(fields[2]), 0, fields[4].strip())
    return found


def start_token(pid):
    """Names a process beyond its pid, or None if there is none. The app has a twin of this function."""
    if DARWIN:
        entry = parse_ps(run_ps(["-p", str(pid)])).get(pid)
        return "darwin:" + entry[3] if entry else None
    fields = read_stat(pid)
    if not fields:
        return None
    return "linux:%s:%s" % (boot_id(), fields[19])


@functools.lru_cache(maxsize=None)
def boot_id():
    with open("/proc/sys/kernel/random/boot_id") as file:
        return file.read().strip()


@functools.lru_cache(maxsize=None)  # it holds for the whole life of this process
def adopt_orphans():
    """Makes grandchildren that lose their parent ours, so that a double fork cannot get away. False = not on this system."""
    if DARWIN:
        return False
    import ctypes

    try:
        return ctypes.CDLL(None).prctl(36, 1, 0, 0, 0) == 0  # PR_SET_CHILD_SUBREAPER
    except (OSError, AttributeError):
        return False


def has_children():
    """True while this process has a child, zombies included."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        return True
    except ChildProcessError:
        return False


class Tree:
    """The training process and everything it started, setsid or not."""

    def __init__(self, root, adopts=False):
        self.root = root
        self.root_alive = True
        self.adopts = adopts  # whatever loses its parent becomes our child
        self.helpers = set()  # our own children that are no part of the training
        self.seen = {}

    def members(self):
        """Live pids, the root first."""
        if self.adopts and not has_children():  # then nobody is left, and the whole process table need not be read
            return []
        table = list_processes()
        own = os.getpid()
        found = {pid for pid, start in self.seen.items() if pid in table and table[pid][3] == start}
        group_is_ours = self.root_alive or self.root not in table
        for pid, (parent, group, session, _) in table.items():
            if (parent == own and not DARWIN) or (group_is_ours and self.root in (group, session)):
                found.add(pid)
        found -= self.helpers
        found.discard(own)
        grown = True
        while grown:
            more = {pid for pid, entry in table.items() if entry[0] in found} - found - {own}
            found |= more
            grown = bool(more)
        self.seen = {pid: table[pid][3] for pid in found}
        return sorted(found, key=lambda pid: (pid != self.root, pid))

    def send(self, number):
        """Signals every member; again while new ones turn up, because a tree may fork while it is being walked."""
        reached = set()
        for _ in range(5):
            fresh = [pid for pid in self.members() if pid not in reached]
            for pid in fresh:
                try:
                    os.kill(pid, number)
                except (ProcessLookupError, PermissionError):
                    pass
            reached.update(fresh)
            if not fresh or number not in (signal.SIGSTOP, signal.SIGKILL):
                return


def start_process(command, environment, folder, slave, enter=None):
    """Starts `command` as leader of a session whose terminal is `slave`. Returns its pid, or raises StartFailed.

    With `enter` the new process calls that instead of executing the command; it must not return.
    """
    report, answer = os.pipe()  # closed by a successful exec
    try:
        pid = os.fork()
    except OSError as error:
        raise StartFailed("The command '%s' could not be started: %s." % (command[0], error.strerror))
    if pid == 0:
        stage = b"x"
        try:
            for number in CAUGHT + IGNORED:
                signal.signal(number, signal.SIG_DFL)
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for target in (0, 1, 2):
                os.dup2(slave, target)
            os.closerange(3, answer)
            os.closerange(answer + 1, 4096)
            stage = b"d"
            os.chdir(folder)
            stage = b"x"
            if enter:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                signal.signal(signal.SIGPIPE, signal.SIG_IGN)
                os.close(answer)
                enter()
            os.execvpe(command[0], command, environment)
        except BaseException as error:
            os.write(answer, stage + str(getattr(error, "strerror", None) or error).encode())
        finally:
            os._exit(127)
    os.close(answer)
    with os.fdopen(report, "rb") as file:
        problem = file.read()
    if not problem:
        return pid
    os.waitpid(pid, 0)
    reason = problem[1:].decode()
    if problem[:1] == b"d":
        raise StartFailed("The working folder '%s' cannot be entered: %s." % (folder, reason))
    raise StartFailed("The command '%s' could not be started: %s." % (command[0], reason))


# ---------------------------------------------------------------- files


def write_atomically(path, data, sync=True):
    """Whole or not at all: temporary file, fsync, rename. Without `sync` that holds for every crash but a power cut."""
    temporary = "%s.%d.tmp" % (path, os.getpid())
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            if sync:
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise


class Status:
    """status.json. A write that fails is tried again later: a full disk must not stop a training."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "status.json")
        self.retry_at = None
        self.paused_at = None
        self.began = time.monotonic()
        self.pauses = 0.0
        self.fields = {
            "version": 1, "state": "starting",
            "supervisor": {"pid": os.getpid(), "start": start_token(os.getpid())}, "process": None,
            "startedAt": time.time(), "updatedAt": None, "endedAt": None, "seconds": 0.0,
            "exitCode": None, "signal": None, "stopReason": None, "message": None,
            "peakMemoryBytes": None, "cpuSeconds": None, "caffeinate": False,
        }

    def seconds(self):
        """Monotonic seconds since the start without the pauses."""
        return (self.paused_at or time.monotonic()) - self.began - self.pauses

    def pause(self):
        self.paused_at = time.monotonic()

    def go_on(self):
        self.pauses += time.monotonic() - self.paused_at
        self.paused_at = None

    def change(self, **fields):
        self.fields.update(fields)
        try:
            # A power cut ends the run as well, so only its end has to survive one.
            write_atomically(self.path, self.text(), sync=self.fields["endedAt"] is not None)
            self.retry_at = None
        except OSError:
            self.retry_at = time.monotonic() + RETRY_SECONDS

    def text(self):
        self.fields.update(updatedAt=time.time(), seconds=round(self.seconds(), 3))
        return json.dumps(self.fields).encode() + b"\n"

    def end(self, **fields):
        self.change(state="exited", endedAt=time.time(), **fields)
        for _ in range(FINAL_RETRIES):
            if self.retry_at is None:
                return
            time.sleep(FINAL_RETRY_SECONDS)
            self.change()
        if self.retry_at is not None:
            self.overwrite()

    def overwrite(self):
        """Last way out on a full disk: into the block the file already has. A reader may once see half of it."""
        try:
            descriptor = os.open(self.path, os.O_WRONLY)
            text = self.text()
            os.write(descriptor, text)
            os.ftruncate(descriptor, len(text))
            os.close(descriptor)
        except OSError:
            pass  # nothing is left to try; the app will find the process gone


class OutputLog:
    """output.log: raw bytes, unbuffered. What does not fit on the disk is counted, not waited for. Beyond `limit` bytes
    (None = none) only the end is kept, for the last words of a run that printed without measure."""

    def __init__(self, folder):
        self.path = os.path.join(folder, "output.log")
        self.descriptor = None
        self.dropped = 0
        self.problem = None
        self.limit = None
        self.size = 0
        self.beyond = 0
        self.end = b""
        self.write(b"")  # the file exists from the start, also of a run that never prints

    def write(self, data):
        if self.limit is not None:
            room = max(0, self.limit - self.size)
            data, rest = data[:room], data[room:]
            self.beyond += len(rest)
            self.end = (self.end + rest)[-MIRROR_BYTES:]
        self.size += len(data)
        self.append(data)

    def finish(self):
        """Writes the end of an output that went beyond the limit, and how much is left out before it."""
        if self.beyond:
            note = "\r\n[%d bytes are left out here: the log had reached its limit of %d bytes.]\r\n"
            self.append(note.encode() % (self.beyond - len(self.end), self.limit) + self.end)
            self.beyond = 0

    def append(self, data):
        try:
            if self.descriptor is None:
                self.descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            while data:
                data = data[os.write(self.descriptor, data):]
        except OSError as error:
            self.dropped += len(data)
            self.problem = error

    def close(self):
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def sentence(self):
        if not self.dropped:
            return None
        why = "the disk is full" if self.problem.errno == errno.ENOSPC else self.problem.strerror
        return "%d bytes of output were not saved: %s." % (self.dropped, why)


# ---------------------------------------------------------------- terminals


class AppTerminal:
    """The terminal (or pipe) the app gave us. It may be slow, stuck or gone; none of that may hold up the training."""

    def __init__(self):
        self.input = 0
        self.output = 1
        self.pending = b""
        self.saved = None
        try:
            os.fstat(0)
        except OSError:
            self.input = None
        try:
            self.saved = termios.tcgetattr(0)
            raw = termios.tcgetattr(0)
            raw[0] &= ~(termios.BRKINT | termios.ICRNL | termios.INPCK | termios.ISTRIP | termios.IXON)
            raw[1] &= ~termios.OPOST  # the inner terminal has already made \r\n
            raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
            raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
            termios.tcsetattr(0, termios.TCSANOW, raw)
        except termios.error:
            pass
        try:  # an open file of our own, so that "non-blocking" does not leak to whoever shares descriptor 1
            self.output = os.open(os.ttyname(1), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError:
            try:
                os.set_blocking(1, False)
            except OSError:
                self.output = None

    def show(self, data=b""):
        if self.output is None:
            return
        self.pending = (self.pending + data)[:MIRROR_BYTES]
        try:
            while self.pending:
                self.pending = self.pending[os.write(self.output, self.pending):]
        except BlockingIOError:
            pass
        except OSError:
            self.output, self.pending = None, b""

    def read(self):
        """What was typed; empty = the terminal is gone."""
        try:
            data = os.read(self.input, 4096)
        except BlockingIOError:
            return None
        except OSError:
            data = b""
        if not data:
            self.input = None
        return data

    def copy_size(self, master):
        size = SIZE
        try:
            own = fcntl.ioctl(0, termios.TIOCGWINSZ, b"\0" * 8)
            size = own if struct.unpack("HHHH", own)[0] else SIZE
        except OSError:
            pass  # no terminal at all
        try:
            fcntl.ioctl(master, termios.TIOCSWINSZ, size)
        except OSError:
            pass

    def close(self):
        until = time.monotonic() + 0.2
        while self.pending and self.output is not None and time.monotonic() < until:
            select.select([], [self.output], [], 0.05)
            self.show()
        try:
            if self.saved:
                termios.tcsetattr(0, termios.TCSANOW, self.saved)
            if self.output == 1:
                os.set_blocking(1, True)
            elif self.output is not None:
                os.close(self.output)
        except (OSError, termios.error):
            pass


class Inlet:
    """A named pipe through which the app can type into the run, also an app that did not start it."""

    def __init__(self, path):
        self.path = path
        self.descriptor = None
        try:
            if path:
                os.mkfifo(path, 0o600)
                # For writing too: otherwise it would end with the first writer.
                self.descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK)
        except OSError:
            pass  # a file system without pipes: then there is the app's terminal, if that started the run

    def read(self):
        try:
            return os.read(self.descriptor, 4096)
        except BlockingIOError:
            return b""

    def close(self):
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None
            try:
                os.unlink(self.path)
            except OSError:
                pass


# ---------------------------------------------------------------- the supervisor


class Supervisor:
    """One run, from start to exit code. Everything happens in one loop: output, input, signals, deadlines."""

    def __init__(self):
        self.wake, self.wake_end = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(self.wake_end, False)
        signal.set_wakeup_fd(self.wake_end, warn_on_full_buffer=False)
        for number in CAUGHT:
            signal.signal(number, lambda *_: None)  # the loop reads the numbers from the pipe
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, CAUGHT)
        self.adopts = adopt_orphans()
        self.terminal = AppTerminal()
        self.inlet = None
        self.master = None
        self.slave = None  # held until the end: the training may let go of its terminal, and open it again
        self.tree = None
        self.run = None  # None = standby, no run folder yet
        self.log = None
        self.status = None
        self.early = b""  # printed before there was a run folder
        self.typed = b""  # on its way to the training; in standby the line that is being received
        self.ladder = []  # [(when, signal)], first one next
        self.exit = None  # (code, signal name) of the training
        self.sweep_at = self.sweep_until = self.drain_until = self.remember_at = self.report_at = None
        self.swept = False
        self.peak = 0
        self.cpu = 0.0

    # ---- start

    def begin(self, folder):
        self.attach(folder)
        self.status.change(state="starting")
        pid = self.launch(self.run["command"], self.run["environment"], self.run["workingFolder"], echo=True)
        self.announce(pid)

    def begin_forked(self, folder, enter):
        """Like `begin`, but the run is a fork of this process in which `enter()` does the work."""
        self.attach(folder)
        pid = self.launch(self.run["command"], self.run["environment"], self.run["workingFolder"], echo=True, enter=enter)
        self.announce(pid)

    def begin_standby(self, folder, argv):
        with open(os.path.join(folder, "standby.json"), encoding="utf-8") as file:
            setup = json.load(file)
        # The worker turns echo on once it has read its line, so that the line is no part of the output.
        self.launch(argv, setup["environment"], setup["workingFolder"], echo=False)

    def attach(self, folder):
        """From here on everything goes to this run folder. Raises StartFailed if run.json cannot be used."""
        if not os.path.isabs(folder) or not os.path.isdir(folder):
            raise StartFailed("There is no run folder '%s'." % folder)
        self.status = Status(folder)
        self.log = OutputLog(folder)
        try:
            with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
                run = json.load(file)
            missing = [name for name in NEEDED if name not in run or run[name] == []]
        except (OSError, ValueError, TypeError) as error:
            raise StartFailed("The file run.json cannot be read: %s." % error)
        if missing:
            raise StartFailed("The file run.json is not complete: %s is missing." % ", ".join(missing))
        self.run = run
        self.log.limit = run.get("logLimitBytes")
        self.inlet = Inlet(run.get("inputFile"))

    def launch(self, command, environment, folder, echo, enter=None):
        try:
            self.master, self.slave = os.openpty()
        except OSError as error:
            raise StartFailed("No terminal could be opened for the run: %s." % error.strerror)
        self.terminal.copy_size(self.master)
        if not echo:
            modes = termios.tcgetattr(self.slave)
            modes[3] &= ~termios.ECHO
            termios.tcsetattr(self.slave, termios.TCSANOW, modes)
        pid = start_process(command, environment, folder, self.slave, enter)
        os.set_blocking(self.master, False)
        self.tree = Tree(pid, self.adopts)
        if DARWIN:
            self.remember_at = time.monotonic() + REMEMBER_SECONDS
        return pid

    def announce(self, pid):
        self.status.change(state="running", process={"pid": pid, "start": start_token(pid)}, caffeinate=self.caffeinate(pid))

    def caffeinate(self, pid):
        """Keeps a Mac awake, never its display, for as long as the training lives."""
        if not DARWIN:
            return False
        argv = ["/usr/bin/caffeinate", "-i", "-w", str(pid)]
        quiet = [(os.POSIX_SPAWN_OPEN, target, "/dev/null", os.O_RDWR, 0) for target in (0, 1, 2)]
        try:
            self.tree.helpers.add(os.posix_spawn(argv[0], argv, {}, file_actions=quiet))
            return True
        except OSError:
            return False

    def hand_over(self):
        """The line with the run folder has come: the waiting worker becomes that run."""
        line, _, rest = self.typed.replace(b"\r", b"\n").partition(b"\n")
        self.attach(os.fsdecode(line))
        self.log.write(self.early)
        self.typed = line + b"\n" + rest
        self.send_typed()  # the worker first: what follows costs an fsync
        self.announce(self.tree.root)

    # ---- the loop

    def loop(self):
        while not self.finished():
            reads = [self.wake, *self.wanted_inputs()] + ([] if self.master is None else [self.master])
            writes = [self.terminal.output] if self.terminal.pending and self.terminal.output is not None else []
            if self.typed and self.run and self.master is not None:
                writes.append(self.master)
            readable, writable, _ = select.select(reads, writes, [], self.patience())
            if self.master in readable:
                self.copy_output()
            if self.master in writable:
                self.send_typed()
            if self.terminal.output in writable:
                self.terminal.show()
            if self.terminal.input in readable:
                self.receive()
            if self.inlet and self.inlet.descriptor in readable:
                self.typed += self.inlet.read()
                self.send_typed()
            if self.wake in readable:
                for number in set(os.read(self.wake, 512)):
                    self.on_signal(number)
            self.on_time(time.monotonic())

    def wanted_inputs(self):
        """Where more may be typed; nowhere until what was typed has been taken."""
        if self.run and self.typed:
            return []
        ends = (self.terminal.input, self.inlet and self.inlet.descriptor)
        return [end for end in ends if end is not None]

    def patience(self):
        """Seconds until something is due, None = nothing is."""
        due = [self.sweep_at, self.drain_until, self.remember_at, self.report_at, self.limit_at()]
        due += [self.ladder[0][0] if self.ladder else None, self.status.retry_at if self.status else None]
        times = [when for when in due if when is not None]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def limit_at(self):
        limit = self.run and self.run["timeoutSeconds"]
        if not limit or self.exit or self.ladder or self.status.paused_at is not None:
            return None
        return time.monotonic() + limit - self.status.seconds()

    def copy_output(self):
        for _ in range(32):  # then signals and deadlines get their turn, however much is printed
            try:
                data = os.read(self.master, 65536)
            except BlockingIOError:
                return
            except OSError:
                data = b""  # Linux says EIO when the last holder of the terminal is gone
            if not data:
                os.close(self.master)
                self.master = None
                return
            if self.log:
                self.log.write(data)
            else:
                self.early = (self.early + data)[-MIRROR_BYTES:]
            if not self.run or self.run.get("mirror", True):
                self.terminal.show(data)

    def receive(self):
        data = self.terminal.read()
        if data:
            self.typed += data
            if self.run:
                self.send_typed()
            elif b"\n" in self.typed or b"\r" in self.typed:
                self.hand_over()
        elif data is not None and not self.run:
            self.tree.send(signal.SIGKILL)  # standby, and nobody is left to send the line

    def send_typed(self):
        try:
            while self.typed and self.master is not None:
                self.typed = self.typed[os.write(self.master, self.typed):]
        except BlockingIOError:
            return
        except OSError:
            self.typed = b""

    # ---- signals

    def on_signal(self, number):
        if number == signal.SIGCHLD:
            self.reap()
        elif number == signal.SIGWINCH and self.master is not None:
            self.terminal.copy_size(self.master)
        elif self.exit:
            return
        elif not self.run:
            if number in (signal.SIGINT, signal.SIGTERM):
                self.tree.send(signal.SIGKILL)
        elif number == signal.SIGINT:
            self.stop("stop")
        elif number == signal.SIGTERM:
            self.stop("cancel")
        elif number == signal.SIGUSR1 and not self.ladder and self.status.paused_at is None:
            self.tree.send(signal.SIGSTOP)
            self.status.pause()
            self.status.change(state="paused")
        elif number == signal.SIGUSR2 and self.status.paused_at is not None:
            self.go_on()
            self.status.change(state="running")

    def go_on(self):
        if self.status.paused_at is not None:
            self.tree.send(signal.SIGCONT)
            self.status.go_on()

    def stop(self, reason):
        """Climbs the ladder of signals. A cancel overrules a stop; nothing overrules a cancel."""
        if self.status.fields["stopReason"] and (reason != "cancel" or self.status.fields["stopReason"] == "cancel"):
            return
        now = time.monotonic()
        term = now if reason == "cancel" else now + self.run["graceSeconds"]
        self.ladder = [(now, signal.SIGINT)] if reason != "cancel" else []
        self.ladder += [(term, signal.SIGTERM), (term + CANCEL_SECONDS, signal.SIGKILL)]
        self.climb(now)
        self.status.change(stopReason=reason, state="running")

    def climb(self, now):
        while self.ladder and self.ladder[0][0] <= now and not self.exit:
            number = self.ladder.pop(0)[1]
            self.tree.send(number)
            self.go_on()  # a stopped process takes no signal but SIGKILL
            if number == signal.SIGKILL:
                self.ladder = [(now + 1.0, signal.SIGKILL)]  # until it is gone

    def reap(self):
        while True:
            try:
                pid, code, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self.tree.helpers:
                self.tree.helpers.discard(pid)
                continue
            self.peak = max(self.peak, usage.ru_maxrss if DARWIN else usage.ru_maxrss * 1024)
            self.cpu += usage.ru_utime + usage.ru_stime
            if pid == self.tree.root:
                number = os.WTERMSIG(code) if os.WIFSIGNALED(code) else None
                self.exit = (None, number) if number else (os.WEXITSTATUS(code), None)
                self.tree.root_alive = False
                self.ladder = []
                self.sweep_at = time.monotonic()
                self.sweep_until = self.sweep_at + LEFTOVER_SECONDS + UNKILLABLE_SECONDS

    # ---- deadlines

    def on_time(self, now):
        limit = self.limit_at()
        if limit is not None and limit <= now:
            self.stop("timeout")
        self.climb(now)
        if self.sweep_at is not None:
            self.sweep(now)
        if self.remember_at is not None and self.remember_at <= now:
            self.tree.members()
            self.remember_at = now + REMEMBER_SECONDS
        if self.log and self.log.dropped and self.report_at is None:
            self.report_at = now
        if self.report_at is not None and self.report_at <= now:
            sentence = self.log.sentence()
            if sentence != self.status.fields["message"]:
                self.status.change(message=sentence)
            self.report_at = now + SMOOTH_SECONDS
        if self.status and self.status.retry_at is not None and self.status.retry_at <= now:
            self.status.change()

    def sweep(self, now):
        """The training has ended: ask what it left behind to go, then make it go."""
        left = self.tree.members()
        if not left or now >= self.sweep_until:
            if left and self.status:
                self.status.fields["message"] = "%d processes of this run could not be ended." % len(left)
            self.sweep_at = None
            self.drain_until = now + DRAIN_SECONDS
            self.copy_output()  # first, because a Mac waits in close until the output is read
            os.close(self.slave)
            self.slave = None
            return
        begun = self.sweep_until - LEFTOVER_SECONDS - UNKILLABLE_SECONDS
        if now - begun >= LEFTOVER_SECONDS:
            self.tree.send(signal.SIGKILL)
        elif not self.swept:
            self.swept = True
            self.tree.send(signal.SIGTERM)
            self.tree.send(signal.SIGCONT)
        self.sweep_at = now + (0.2 if DARWIN else 0.05)

    def finished(self):
        """Ended, nothing left behind, and the last output read (or its holder does not let go of the terminal)."""
        if not self.exit or self.drain_until is None:
            return False
        return self.master is None or time.monotonic() >= self.drain_until

    def end(self):
        """Records the end. Returns the exit code of the training, 128 + n if signal n ended it."""
        code, number = self.exit
        for helper in self.tree.helpers:
            os.kill(helper, signal.SIGTERM)
        self.close_inlet()
        if self.status:
            self.log.finish()
            message = self.log.sentence() or self.status.fields["message"]
            name = signal.Signals(number).name if number and number in set(signal.Signals) else number and str(number)
            self.status.end(exitCode=code, signal=name, message=message,
                            peakMemoryBytes=self.peak, cpuSeconds=round(self.cpu, 3))
        return code if number is None else 128 + number

    def close_inlet(self):
        """Before the end is told: who reads that the run has ended must find nothing of it to type into."""
        if self.inlet:
            self.inlet.close()

    def close(self):
        """Gives back what is not the process's own; a relay goes on with the next run."""
        self.terminal.close()
        self.close_inlet()
        if self.log:
            self.log.close()
        signal.set_wakeup_fd(-1)
        for end in (self.wake, self.wake_end, self.master, self.slave):
            if end is not None:
                os.close(end)


def fill_standard_descriptors():
    """Started without 0, 1 or 2, our own files would take their place."""
    while True:
        descriptor = os.open("/dev/null", os.O_RDWR)
        if descriptor > 2:
            os.close(descriptor)
            return


def supervise(begin):
    fill_standard_descriptors()
    supervisor = Supervisor()
    try:
        begin(supervisor)
        supervisor.loop()
        return supervisor.end()
    except StartFailed as problem:
        if supervisor.tree:
            supervisor.tree.send(signal.SIGKILL)
        supervisor.close_inlet()
        if supervisor.status:
            supervisor.status.end(stopReason="start-failed", message=str(problem))
        supervisor.terminal.show(str(problem).encode() + b"\r\n")
        return 127
    except BaseException as error:
        # A bug of ours must not leave a training that nobody looks after.
        if supervisor.tree:
            supervisor.tree.send(signal.SIGKILL)
        if supervisor.status:
            supervisor.status.end(message="The supervisor failed: %s: %s" % (type(error).__name__, error))
        raise
    finally:
        supervisor.close()


def main(argv):
    if len(argv) == 2 and argv[0] == "--start-token" and argv[1].isdigit():
        token = start_token(int(argv[1]))
        if token:
            print(token)
        return 0 if token else 1
    if len(argv) > 3 and argv[0] == "--standby" and argv[2] == "--":
        return supervise(lambda supervisor: supervisor.begin_standby(os.path.abspath(argv[1]), argv[3:]))
    if len(argv) == 1 and not argv[0].startswith("-"):
        return supervise(lambda supervisor: supervisor.begin(os.path.abspath(argv[0])))
    sys.stderr.write(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
