"""Trainings in two processes, for real: gloo on the CPU."""

import json
import os
import signal
import subprocess
import time

import pytest
from scaling_runs import PARAMETERS, end_of, events, rows_of, start_worker

TWO = ["cpu", "cpu"]


def started(folder, devices=TWO, resume=None, **parameters):
    changes = {"devices": devices} if len(devices) > 1 else {}
    return start_worker(folder, "scaling", {**PARAMETERS, **parameters}, cacheFolder=folder / "cache", resumeFrom=resume, **changes)


def ended(folder, **options):
    return end_of(started(folder, **options), folder)


def helpers_of(folder):
    """Process ids of the helpers of a run that live."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if "--part" in line and str(folder) in line]


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def no_helpers(folder):
    until(lambda: not helpers_of(folder), 20)


@pytest.mark.parametrize("changes", [
    {"accumulation": 4}, {"architecture": "lstm", "heads": 1, "tied": False, "parametrisation": "mup", "width": 32},
])  # fmt: skip
def test_two_processes_train_what_one_does(tmp_path, changes):
    one, _ = ended(tmp_path / "one", devices=["cpu"], **changes)
    two, printed = ended(tmp_path / "two", **changes)
    assert "Runs in 2 processes: cpu, cpu." in printed and two["device"] == "cpu+cpu" and two["identity"] == one["identity"]
    assert two["summary"]["processes"] == 2 and one["summary"]["processes"] == 1
    ours, theirs = rows_of(tmp_path / "two"), rows_of(tmp_path / "one")
    assert [row["tokens"] for row in ours] == [row["tokens"] for row in theirs] and ours[-1]["tokens"] == 40 * 8 * 16
    for a, b in zip(ours, theirs, strict=True):
        assert a["validationLoss"] == pytest.approx(b["validationLoss"], abs=2e-5)
        if a["step"]:
            assert a["trainingLoss"] == pytest.approx(b["trainingLoss"], abs=2e-5)
    assert ours[-1]["validationLoss"] < ours[0]["validationLoss"] - 0.3
    assert len(events(tmp_path / "two", "start")) == len(events(tmp_path / "two", "result")) == 1
    assert [row["step"] for row in ours] == sorted({row["step"] for row in ours})
    assert not (tmp_path / "two" / ".meeting-point").exists()
    no_helpers(tmp_path)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_in_two_it_goes_on_in_two_and_in_one(tmp_path, how):
    whole, _ = ended(tmp_path / "whole", steps=200)
    first = tmp_path / "first"
    process = started(first, steps=200)
    until(lambda: len(events(first, "checkpoint")) >= 3)
    assert len(helpers_of(first)) == 1
    process.send_signal(how)
    printed = process.communicate(timeout=60)[0].decode()
    assert process.returncode == (130 if how == signal.SIGINT else -how)
    assert "Traceback" not in printed and not (first / "result.json").exists()
    no_helpers(first)
    again, printed = ended(tmp_path / "again", steps=200, resume=first / "checkpoint")
    assert "Goes on after" in printed and rows_of(tmp_path / "again") == rows_of(tmp_path / "whole")
    alone, _ = ended(tmp_path / "alone", devices=["cpu"], steps=200, resume=first / "checkpoint")
    assert alone["summary"]["validation loss"] == pytest.approx(whole["summary"]["validation loss"], abs=5e-5)
    assert alone["summary"]["parts of a batch"] == again["summary"]["parts of a batch"] == 2


def test_a_helper_that_is_lost_takes_the_run_with_it(tmp_path):
    process = started(tmp_path / "run", steps=100_000)
    until(lambda: len(events(tmp_path / "run", "checkpoint")) >= 2)
    os.kill(helpers_of(tmp_path / "run")[0], signal.SIGKILL)
    process.communicate(timeout=30)
    assert process.returncode == 1
    [error] = events(tmp_path / "run", "error")
    assert error["class"] == "PartLost" and error["text"] == "The process 2 of 2, on cpu, was killed by the signal SIGKILL."
    no_helpers(tmp_path)


def test_a_helper_that_fails_says_why_in_the_log(tmp_path):
    process = started(tmp_path / "run", batch=7)
    printed = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 1 and "A batch of 7 cannot be shared by 2 processes equally." in printed
    [error] = events(tmp_path / "run", "error")
    assert json.dumps(error).isascii() and error["class"] in ("ValueError", "PartLost")
    no_helpers(tmp_path)


def test_two_runs_beside_each_other_do_not_meet(tmp_path):
    runs = [tmp_path / f"a run with blanks {name}" for name in "äb"]
    processes = [started(folder, steps=30, modelSeed=at) for at, folder in enumerate(runs)]
    results = [end_of(process, folder)[0] for process, folder in zip(processes, runs, strict=True)]
    assert results[0]["summary"]["validation loss"] != results[1]["summary"]["validation loss"]
