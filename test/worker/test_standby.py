"""A worker started ahead of need: from standby to a run."""
import json
import os
import signal
import sys
import time

import pytest
from harness import PACKAGE, Supervised, alive, wait_for, write_run

TRAIN = """
import os, time
warmed = []
def warm_up(): warmed.append(os.getcwd())
def main(run):
    now = time.time()
    run.phase("first step")
    print("warmed", bool(warmed), os.environ["COLOUR"], "OMP_NUM_THREADS" in os.environ, os.getcwd() == str(run.folder))
    run.row({"firstStepAt": now})
    run.finish({"answer": input()} if run.parameters.get("ask") else {})
"""


class Standby(Supervised):
    def __init__(self, folder, workload, *more, read=True):
        self.standby = folder
        folder.mkdir()
        environment = {"LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "COLOUR": "none"}
        (folder / "standby.json").write_text(json.dumps({"environment": environment, "workingFolder": str(folder)}))
        worker = [sys.executable, str(PACKAGE / "worker.py"), "--standby", str(folder), *more]
        worker += ["--workload", str(workload)]
        super().__init__(folder, argv=["--standby", str(folder), "--"] + worker, read=read)

    def ready(self):
        path = self.standby / "ready.json"
        return json.loads(wait_for(lambda: path.exists() and path.read_text(), "ready.json"))

    def hand_over(self, folder):
        self.folder = folder
        self.handed_at = time.time()
        self.type("%s\n" % folder)


def workload_folder(tmp_path, code=TRAIN, name="workload"):
    folder = tmp_path / name
    folder.mkdir()
    (folder / "train.py").write_text(code)
    return folder


@pytest.fixture
def standby(started, tmp_path):
    def start(code=TRAIN, *more, **options):
        run = Standby(tmp_path / "standby", workload_folder(tmp_path, code), *more, **options)
        started.append(run)
        return run

    return start


def run_folder(tmp_path, **changes):
    folder = tmp_path / "attempt-1"
    write_run(folder, ["unused"], **{"workloadFolder": str(tmp_path / "workload"), "environment": {"COLOUR": "red"}, **changes})
    return folder


def events(folder):
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def test_a_standby_worker_becomes_a_run(standby, tmp_path):
    worker = standby()
    ready = worker.ready()
    assert alive(ready["pid"]) and ready["start"].startswith(sys.platform) and ready["seconds"] > 0
    assert worker.output == b""
    folder = run_folder(tmp_path)
    worker.hand_over(folder)
    status = worker.wait()
    assert (status["exitCode"], status["state"], status["process"]["pid"]) == (0, "exited", ready["pid"])
    assert status["process"]["start"] == ready["start"]
    assert worker.log() == b"warmed True red False True\r\n"  # the line itself is not echoed
    assert status["startedAt"] >= worker.handed_at - 0.1
    assert [event["kind"] for event in events(folder)] == ["start", "phase", "row", "result"]
    assert json.loads((folder / "result.json").read_text())["rows"] == 1
    assert not (tmp_path / "standby" / "status.json").exists()


def test_the_line_may_come_before_the_worker_is_ready(standby, tmp_path):
    worker = standby("import time; time.sleep(0.2)\n" + TRAIN)
    worker.hand_over(run_folder(tmp_path))
    assert worker.wait()["exitCode"] == 0
    assert worker.log() == b"warmed True red False True\r\n"


def test_typing_after_the_line_reaches_the_training_and_is_echoed(standby, tmp_path):
    worker = standby()
    worker.ready()
    worker.hand_over(run_folder(tmp_path, parameters={"ask": True}))
    worker.wait_log("warmed")
    worker.type("yes\n")
    assert worker.wait()["exitCode"] == 0
    assert worker.log().endswith(b"yes\r\n")
    assert json.loads((worker.folder / "result.json").read_text())["summary"] == {"answer": "yes"}


def test_signals_and_time_limit_hold_after_the_line(standby, tmp_path):
    worker = standby("import time\ndef main(run):\n    while True: time.sleep(0.01); run.stop_point()\n")
    worker.ready()
    worker.hand_over(run_folder(tmp_path, timeoutSeconds=0.3))
    status = worker.wait()
    assert (status["stopReason"], status["exitCode"]) == ("timeout", 130)


def test_another_workload_than_the_one_prepared_is_loaded(standby, tmp_path):
    other = workload_folder(tmp_path, "def main(run): print('other'); run.finish({})\n", "other")
    worker = standby()
    worker.ready()
    worker.hand_over(run_folder(tmp_path, workloadFolder=str(other)))
    assert worker.wait()["exitCode"] == 0 and worker.log() == b"other\r\n"


def test_output_before_the_line_is_part_of_the_log(standby, tmp_path):
    worker = standby("print('a warning of an import')\n" + TRAIN)
    worker.ready()
    worker.hand_over(run_folder(tmp_path))
    worker.wait()
    assert worker.log() == b"a warning of an import\r\nwarmed True red False True\r\n"


def test_a_run_folder_that_is_not_there_ends_the_worker(standby, tmp_path, gone):
    worker = standby()
    gone(worker.ready()["pid"])
    worker.hand_over(tmp_path / "nowhere")
    wait_for(lambda: worker.poll() is not None, "the end")
    assert worker.code == 127 and b"There is no run folder" in worker.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_standby_worker_can_be_dismissed(standby, gone, number):
    worker = standby()
    gone(worker.ready()["pid"])
    worker.signal(number)
    wait_for(lambda: worker.poll() is not None, "the end")


def test_a_standby_worker_ends_when_its_terminal_closes(standby, gone):
    worker = standby(read=False)  # a read under way would keep the terminal open
    gone(worker.ready()["pid"])
    os.close(worker.terminal)
    worker.terminal = os.open("/dev/null", os.O_RDONLY)
    wait_for(lambda: worker.poll() is not None, "the end")


def test_an_import_that_fails_ends_the_standby_worker(standby):
    worker = standby(TRAIN, "--require", "no_such_module")
    wait_for(lambda: worker.poll() is not None, "the end")
    assert worker.code == 1 and not (worker.standby / "ready.json").exists()
    wait_for(lambda: b"no_such_module" in worker.output, "the reason on the terminal")


def test_from_the_line_to_the_first_step_in_milliseconds(standby, tmp_path, capsys):
    pytest.importorskip("torch")
    train = (
        "import time, torch\n"
        "def warm_up(): step()\n"
        "def step(): torch.nn.Linear(4, 4)(torch.ones(2, 4)).sum().backward(); return time.time()\n"
        "def main(run): run.row({'firstStepAt': step()}); run.finish({})\n"
    )
    worker = standby(train, "--require", "torch", "--require", "numpy")
    ready = worker.ready()
    folder = run_folder(tmp_path, environment={"OMP_NUM_THREADS": "1"})
    worker.hand_over(folder)
    assert worker.wait()["exitCode"] == 0
    first = next(event["row"]["firstStepAt"] for event in events(folder) if event["kind"] == "row")
    with capsys.disabled():
        facts = (ready["seconds"], (first - worker.handed_at) * 1000)
        print("[standby: ready in %.2f s, line to first step %.1f ms]" % facts, end="")
    assert first - worker.handed_at < 0.5  # the goal is 50 ms; this machine may be busy
