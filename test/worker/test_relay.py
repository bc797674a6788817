"""One supervisor that takes run after run."""
import json
import os
import pty
import signal
import sys
import threading

import pytest
from harness import PACKAGE, alive, wait_for, write_run

TRAIN = """
import os, random, signal, subprocess, sys, time
seen = []
def main(run):
    seen.append(run.plan["index"])
    order = run.parameters.get("do", "")
    print(seen, os.environ.get("COLOUR"), os.environ.get("LEAK"), os.getcwd() == str(run.folder), sys.stdout.isatty())
    os.environ["LEAK"] = "yes"
    if order == "exit": sys.exit(7)
    if order == "raise": raise ValueError("on purpose")
    if order == "die": os.kill(os.getpid(), signal.SIGKILL)
    if order == "ask": run.finish({"answer": input()}); return
    if order == "child":
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        (run.folder / "child.pid").write_text(str(child.pid))
    if order == "wait":
        while True: time.sleep(0.01); run.stop_point()
    run.finish({"random": random.random()})
"""


class Relay:
    def __init__(self, tmp_path, train, read):
        self.tmp_path = tmp_path
        self.folder = tmp_path / "relay"
        self.folder.mkdir()
        self.workload = tmp_path / "workload"
        self.workload.mkdir()
        (self.workload / "train.py").write_text(train)
        self.output = b""
        self.code = None
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            worker = str(PACKAGE / "worker.py")
            os.execv(sys.executable, [sys.executable, worker, "--relay", str(self.folder), "--workload", str(self.workload)])
        if read:
            threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        try:
            while data := os.read(self.terminal, 65536):
                self.output += data
        except OSError:
            pass  # the other end is gone

    def hand(self, index, **parameters):
        changes = parameters.pop("run", {})
        folder = self.tmp_path / ("run-%d" % index)
        environment = {"PATH": os.environ["PATH"], "COLOUR": "colour %d" % index}
        write_run(folder, ["unused"], index=index, workloadFolder=str(self.workload), parameters=parameters,
                  environment=environment, inputFile=str(self.tmp_path / ("inlet-%d" % index)), **changes)
        os.write(self.terminal, b"%s\n" % os.fsencode(folder))
        return folder

    def ended(self):
        if self.code is None:
            pid, code = os.waitpid(self.pid, os.WNOHANG)
            self.code = code if pid else None
        return self.code is not None

    def close(self):
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            wait_for(self.ended)
        os.close(self.terminal)


@pytest.fixture
def relay(started, tmp_path):
    def start(train=TRAIN, read=True):
        started.append(Relay(tmp_path, train, read))
        return started[-1]

    return start


def status(folder):
    try:
        return json.loads((folder / "status.json").read_text())
    except FileNotFoundError:
        return {"state": None}


def end_of(folder):
    wait_for(lambda: status(folder)["state"] == "exited", "the end of %s" % folder.name)
    return status(folder)


def result(folder):
    return json.loads((folder / "result.json").read_text())["summary"]


def test_run_after_run_each_in_a_fresh_process(relay):
    one = relay()
    wait_for(lambda: (one.folder / "ready.json").exists())  # from here on the lines are not echoed
    first = one.hand(0)
    end = end_of(first)
    second = one.hand(1)
    other = end_of(second)
    assert (end["exitCode"], other["exitCode"]) == (0, 0)
    assert end["supervisor"] == other["supervisor"] and end["process"] != other["process"]
    assert (first / "output.log").read_bytes() == b"[0] colour 0 None True True\r\n"
    assert (second / "output.log").read_bytes() == b"[1] colour 1 None True True\r\n"
    assert result(first) != result(second)
    assert one.output == b"[0] colour 0 None True True\r\n[1] colour 1 None True True\r\n"


@pytest.mark.parametrize("order, code, number", [("exit", 7, None), ("raise", 1, None), ("die", None, "SIGKILL")])
def test_a_run_that_fails_costs_only_itself(relay, order, code, number):
    one = relay()
    end = end_of(one.hand(0, do=order))
    assert (end["exitCode"], end["signal"]) == (code, number)
    assert end_of(one.hand(1))["exitCode"] == 0


def test_children_that_are_left_behind_end_with_their_run(relay, gone):
    one = relay()
    folder = one.hand(0, do="child")
    end_of(folder)
    child = int((folder / "child.pid").read_text())
    gone(child)
    assert not alive(child)
    assert end_of(one.hand(1))["exitCode"] == 0


@pytest.mark.parametrize("changes, number, reason, code", [
    ({}, signal.SIGINT, "stop", 130),
    ({}, signal.SIGTERM, "cancel", None),
    ({"timeoutSeconds": 0.3}, None, "timeout", 130),
])
def test_signals_and_time_limit_reach_the_run_and_not_the_next(relay, changes, number, reason, code):
    one = relay()
    folder = one.hand(0, do="wait", run=changes)
    wait_for(lambda: b"colour 0" in (folder / "output.log").read_bytes() if (folder / "output.log").exists() else b"")
    if number:
        os.kill(one.pid, number)
    end = end_of(folder)
    assert (end["stopReason"], end["exitCode"]) == (reason, code)
    assert end_of(one.hand(1))["stopReason"] is None


@pytest.mark.parametrize("way", ["terminal", "inlet"])
def test_what_is_typed_reaches_the_run(relay, way):
    one = relay()
    folder = one.hand(0, do="ask")
    inlet = one.tmp_path / "inlet-0"
    wait_for(lambda: (folder / "output.log").exists() and b"colour" in (folder / "output.log").read_bytes())
    target = one.terminal if way == "terminal" else os.open(inlet, os.O_WRONLY | os.O_NONBLOCK)
    os.write(target, b"forty-two\n")
    assert end_of(folder)["exitCode"] == 0
    assert result(folder) == {"answer": "forty-two"} and not inlet.exists()
    assert end_of(one.hand(1))["exitCode"] == 0


def test_a_run_outlives_the_terminal_and_the_relay_ends_after_it(relay, gone):
    one = relay(read=False)  # a read under way would keep the terminal open
    folder = one.hand(0, do="wait")
    wait_for(lambda: status(folder)["state"] == "running")
    gone(status(folder)["process"]["pid"], one.pid)
    os.close(one.terminal)
    one.terminal = os.open(os.devnull, os.O_RDONLY)
    os.kill(one.pid, signal.SIGINT)
    assert end_of(folder)["stopReason"] == "stop"
    wait_for(one.ended, "the end of the relay")


def test_a_relay_that_is_not_needed_ends_with_its_terminal(relay, gone):
    one = relay(read=False)
    gone(one.pid)
    wait_for(lambda: (one.folder / "ready.json").exists())
    os.close(one.terminal)
    one.terminal = os.open(os.devnull, os.O_RDONLY)
    wait_for(one.ended, "the end of the relay")


def test_a_folder_that_is_gone_costs_the_relay_nothing(relay):
    one = relay()
    os.write(one.terminal, b"/nowhere/at/all\n")
    assert end_of(one.hand(1))["exitCode"] == 0


@pytest.mark.parametrize("train", [
    "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\ndef main(run): pass\n",
    "import sys, types\nsys.modules['numpy'] = types.ModuleType('numpy')\ndef main(run): pass\n",
])
def test_a_process_that_must_not_be_forked_is_refused(relay, train):
    one = relay(train)
    wait_for(one.ended, "the end of the relay")
    assert os.WEXITSTATUS(one.code) == 3 and not (one.folder / "ready.json").exists()


@pytest.mark.parametrize("orders", [("", "exit", "ask"), ("die", "child", "raise")])
def test_a_relay_holds_nothing_of_the_runs_it_has_seen(relay, orders):
    one = relay()
    end_of(one.hand(0))
    held = lambda: sorted(os.readlink("/proc/%d/fd/%s" % (one.pid, name)) for name in os.listdir("/proc/%d/fd" % one.pid))
    before = wait_for(lambda: len(held()) < 8 and held(), "the relay at rest")
    for index, order in enumerate(orders, 1):
        folder = one.hand(index, do=order)
        if order == "ask":
            wait_for(lambda: status(folder)["state"] == "running")
            os.write(one.terminal, b"an answer\n")
        end_of(folder)
    wait_for(lambda: held() == before, "no more open files than before")
