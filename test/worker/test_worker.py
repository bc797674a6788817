"""worker.py as a process: exit codes, errors, stops."""
import json
import os
import signal
import subprocess
import sys

import pytest
from harness import PACKAGE, wait_for, write_run

LOOP = """
import time
def main(run):
    run.message("looping")
    while True:
        time.sleep(0.005)
        run.stop_point("loop", lambda folder: (folder / "state").write_text("here"))
"""


@pytest.fixture
def work(tmp_path, started):
    """work(code) starts a worker without a supervisor and returns (process, run folder)."""
    processes = []

    def start(code, **changes):
        workload, folder = tmp_path / "workload", tmp_path / "run"
        workload.mkdir()
        (workload / "train.py").write_text(code)
        write_run(folder, ["unused"], workloadFolder=str(workload), **changes)
        process = subprocess.Popen([sys.executable, str(PACKAGE / "worker.py"), str(folder)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
        processes.append(process)
        return process, folder

    yield start
    for process in processes:
        process.kill()
        process.wait()


def events(folder, kind):
    path = folder / "events.jsonl"
    found = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [event for event in found if event["kind"] == kind]


def test_a_workload_runs_with_its_siblings_in_reach(work):
    process, folder = work(
        "import events_of_mine\nfrom minibatch.run import Run\n"
        "def main(run: Run) -> None:\n    run.finish({'sibling': events_of_mine.value, 'threads': run.threads})\n"
    )
    (folder.parent / "workload" / "events_of_mine.py").write_text("value = 7\n")
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert json.loads((folder / "result.json").read_text())["summary"] == {"sibling": 7, "threads": 1}
    assert events(folder, "start")[0]["device"] == "cpu"


def test_own_modules_do_not_hide_others(work):
    process, folder = work("def main(run):\n    import run as other\n")
    process.communicate(timeout=30)
    assert events(folder, "error")[0]["class"] == "ModuleNotFoundError"


@pytest.mark.parametrize("code, kind, text", [
    ("def main(run): raise ValueError('too wide')", "ValueError", "too wide"),
    ("def main(run): run.parameters.hidden", "ParameterError", "'hidden'"),
    ("import no_such_module", "ModuleNotFoundError", "no_such_module"),
    ("def main(run) broken", "SyntaxError", ""),
])
def test_an_error_is_an_event_a_print_and_exit_code_1(work, code, kind, text):
    process, folder = work(code)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1
    error = events(folder, "error")[0]
    assert error["class"] == kind and text in error["text"]
    assert "train.py" in error["traceback"] and error["traceback"].strip() in err.decode()
    assert not (folder / "result.json").exists()


def test_the_last_progress_is_written_even_on_an_error(work):
    process, folder = work("def main(run):\n    for n in range(1, 8): run.progress(n, 100, 'steps')\n    raise ValueError\n")
    process.communicate(timeout=30)
    assert events(folder, "progress")[-1]["done"] == 7


def test_no_result_is_said(work):
    process, folder = work("def main(run): pass")
    assert process.communicate(timeout=30)[0].decode() == "The workload ended without a result.\n"
    assert process.returncode == 0 and events(folder, "message")[0]["level"] == "error"


def test_an_exit_code_of_the_workload_is_kept(work):
    process, _ = work("import sys\ndef main(run): sys.exit(9)")
    process.communicate(timeout=30)
    assert process.returncode == 9


def test_first_interrupt_stops_at_a_checkpoint(work):
    process, folder = work(LOOP)
    wait_for(lambda: events(folder, "message"), "the loop")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert events(folder, "checkpoint")[0]["name"] == "loop" and not events(folder, "error")
    assert not (folder / "result.json").exists()


@pytest.mark.parametrize("second", [signal.SIGINT, signal.SIGTERM])
def test_second_interrupt_or_sigterm_ends_at_once(work, second):
    process, folder = work("import time\ndef main(run):\n    run.message('deaf')\n    while True: time.sleep(0.01)\n")
    wait_for(lambda: events(folder, "message"), "the loop")
    process.send_signal(signal.SIGINT)
    os.set_blocking(process.stderr.fileno(), False)
    wait_for(lambda: process.stderr.read(), "the word that a stop was heard")
    process.send_signal(second)
    process.wait(10)
    assert process.returncode == -second


def test_threads_are_capped(work):
    pytest.importorskip("torch")
    process, folder = work(
        "import torch\ndef main(run):\n"
        "    run.finish({'intra': torch.get_num_threads(), 'inter': torch.get_num_interop_threads()})\n",
        threads=2,
    )
    process.communicate(timeout=60)
    result = json.loads((folder / "result.json").read_text())
    assert result["summary"] == {"intra": 2, "inter": 1}
    assert result["versions"]["torch"] and result["peakMemoryBytes"] > 100 << 20


def test_exit_functions_and_threads_are_waited_for(work):
    process, folder = work(
        "import atexit, threading, time\ndef main(run):\n    atexit.register(lambda: print('exit function'))\n"
        "    threading.Thread(target=lambda: (time.sleep(0.1), print('thread'))).start()\n    run.finish({})\n"
    )
    assert process.communicate(timeout=30)[0] == b"thread\nexit function\n"


def test_the_probe_matches_its_schema_and_survives_broken_modules(tmp_path):
    (tmp_path / "quits.py").write_text("import sys\nprint('noise')\nsys.exit(3)\n")
    (tmp_path / "quiet.py").write_text("")
    argv = [sys.executable, str(PACKAGE / "probe.py"), "json", "quits", "quiet", "no_such_module"]
    answer = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, env={"PYTHONPATH": str(tmp_path)})
    assert answer.returncode == 0 and answer.stdout.count(b"\n") == 1
    facts = json.loads(answer.stdout)
    assert facts["modules"] == {"json": json.__version__, "quiet": ""}
    assert facts["mps"] is None and facts["cuda"] == [] and facts["seconds"] >= 0
    assert set(facts) == {"version", "architecture", "prefix", "modules", "mps", "cuda", "seconds"}
    assert b"quits: SystemExit: 3" in answer.stderr


def test_the_probe_reports_the_devices_of_torch():
    pytest.importorskip("torch")
    answer = subprocess.run([sys.executable, str(PACKAGE / "probe.py"), "torch"], stdout=subprocess.PIPE, timeout=120)
    facts = json.loads(answer.stdout)
    assert facts["modules"]["torch"] and set(facts["mps"]) == {"built", "available", "recommendedBytes"}


def smoke(tmp_path, code, *flags):
    (tmp_path / "train.py").write_text(code)
    argv = [sys.executable, str(PACKAGE / "worker.py"), "--smoke", "--workload", str(tmp_path), *flags]
    return subprocess.run(argv, capture_output=True, text=True, timeout=60)


def test_a_smoke_run_computes_one_step_on_the_device(tmp_path):
    code = "def warm_up(): print('warm')\ndef smoke(device): print(device)\ndef main(run): 1 / 0\n"
    ended = smoke(tmp_path, code, "--device", "mps", "--require", "json")
    assert (ended.returncode, ended.stdout.split(), ended.stderr) == (0, ["warm", "mps"], "")


@pytest.mark.parametrize("code, flags, words", [
    ("def main(run): pass", ["--require", "a_module_that_is_missing"], "No module named 'a_module_that_is_missing'"),
    ("import another_missing_module", [], "No module named 'another_missing_module'"),
    ("def smoke(device): raise RuntimeError('no ' + device)", ["--device", "cuda:0"], "RuntimeError: no cuda:0"),
])
def test_a_smoke_run_fails_with_the_error_in_the_last_line(tmp_path, code, flags, words):
    ended = smoke(tmp_path, code, *flags)
    assert ended.returncode == 1 and words in ended.stderr.strip().splitlines()[-1]


def test_a_smoke_run_tries_the_device_itself_where_the_workload_does_not(tmp_path):
    torch = pytest.importorskip("torch")
    if torch.backends.mps.is_available():
        pytest.skip("there is an MPS device here")
    assert smoke(tmp_path, "import torch\ndef main(run): pass").returncode == 0
    assert "mps" in smoke(tmp_path, "import torch\ndef main(run): pass", "--device", "mps").stderr.lower()
