import json
import math
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from scaling_runs import PARAMETERS, analyzed, ended, events, rows_of, started

import train
from training import Training


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "run"
    return folder, *ended(folder, steps=300, dropout=0.1, accumulation=2)


def test_a_run_measures_losses_tokens_and_operations(whole):
    folder, result, _ = whole
    rows = rows_of(folder)
    assert [rows[0]["step"], rows[-1]["step"]] == [0, 300] and result["rows"] == len(rows) > 10
    assert rows[0]["trainingLoss"] is None and math.log(64) - 0.1 < rows[0]["validationLoss"] < math.log(64) + 0.8
    assert rows[-1]["validationLoss"] < rows[0]["validationLoss"] - 0.5
    for row in rows:
        assert row["tokens"] == row["step"] * 8 * 16 and row["flops"] == 6 * result["summary"]["parameters"] * row["tokens"]
        assert row["aboveSource"] > 0 and row["belowSource"] is False
    assert [row["step"] for row in rows if "finalLoss" in row] == [300]
    assert rows[-1]["learningRate"] == pytest.approx(0.001)
    assert result["summary"]["parts of a batch"] == 2 and result["summary"]["sequences in a part"] == 4
    assert result["summary"]["peak memory, MB"] > 50 and result["summary"]["optimiser steps"] == 300


def test_a_run_says_how_it_goes(whole):
    folder, _, printed = whole
    names = {name for event in events(folder, "metric") for name in event["values"]}
    assert names == {"loss/train", "loss/validation", "loss/above source", "schedule/learning rate", "speed/tokens per s", "progress/tokens"}
    assert events(folder, "progress")[-1]["done"] == 300 and "Step 300 of 300: validation loss" in printed


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_and_gone_on_with_the_rows_are_the_same(whole, tmp_path, how):
    folder, result, _ = whole
    first = tmp_path / "first"
    process = started(first, steps=300, dropout=0.1, accumulation=2)
    deadline = time.monotonic() + 60
    while len(events(first, "checkpoint")) < 3:
        assert process.poll() is None and time.monotonic() < deadline
    process.send_signal(how)
    assert process.wait(60) == (130 if how == signal.SIGINT else -how)
    assert not (first / "result.json").exists()
    # Another memory would divide the batch otherwise; the checkpoint's division counts, because it decides the rounding.
    again, printed = ended(tmp_path / "second", resume=first / "checkpoint", steps=300, dropout=0.1, accumulation=0)
    assert "Goes on after" in printed
    assert rows_of(tmp_path / "second") == rows_of(folder)
    unlike = ("peak memory, MB",)
    assert [{**one["summary"], unlike[0]: 0} for one in (again, result)][0] == {**result["summary"], unlike[0]: 0}


def test_a_rate_that_is_far_too_high_is_a_result_too(tmp_path):
    result, _ = ended(tmp_path / "run", steps=20, learningRate=10.0, optimiser="sgd", initialisation="orthogonal", parametrisation="original", width=32, heads=2)
    assert result["rows"] == len(rows_of(tmp_path / "run")) and "finalLoss" in rows_of(tmp_path / "run")[-1]


def test_a_text_and_an_lstm_go_through(tmp_path):
    import hashlib

    path = tmp_path / "text"
    path.write_bytes(b"In the beginning there was a word and then another. " * 100)
    own = {"text": str(path), "textHash": hashlib.sha256(path.read_bytes()).hexdigest(), "architecture": "lstm", "heads": 1}
    result, printed = ended(tmp_path / "run", **own, steps=60)
    rows = rows_of(tmp_path / "run")
    assert "aboveSource" not in rows[-1] and "above" not in printed
    assert rows[0]["validationLoss"] > 5 > 3.5 > rows[-1]["validationLoss"] and "below the source" not in result["summary"]


def test_a_loss_below_the_source_is_flagged(monkeypatch, tmp_path):
    class Run:
        device, devices, resume_folder, plan = "cpu", ["cpu"], None, {}
        said, rows = [], []

        def message(self, text, level="info"):
            self.said.append((level, text))

        def row(self, row):
            self.rows.append(row)

        def checkpoint(self, name, saver):
            pass

        metric = checkpoint

    monkeypatch.setattr(Training, "evaluate", lambda self: {"loss": 2.4, "error": 0.01, "above": -0.04, "above_error": 0.01})
    run = Run()
    train.Course(run, train.TINY).measure()
    assert run.rows[0]["belowSource"] is True and run.said[-1][0] == "warning"
    monkeypatch.setattr(Training, "evaluate", lambda self: {"loss": 2.6, "error": 0.01, "above": -0.02, "above_error": 0.01})
    train.Course(run, train.TINY).measure()
    assert run.rows[1]["belowSource"] is False


def test_the_step_before_a_batch_passes_and_finds_a_model_that_cannot_learn(monkeypatch):
    train.smoke("cpu")
    monkeypatch.setattr(train, "tiny_step", lambda architecture, device: {"loss": math.nan})
    with pytest.raises(RuntimeError, match="first step of the transformer on cpu is nan"):
        train.smoke("cpu")


def test_measured_steps_grow_and_end_with_the_last():
    assert train.measured_steps(1) == [0, 1]
    found = train.measured_steps(150)
    assert found[0] == 0 and found[-1] == 150 and len(found) <= 16 and found == sorted(set(found))
    assert np.diff(found)[-1] > np.diff(found)[1]


SBATCH = """#!/bin/bash
# Stands for SLURM: runs the tasks of an array one after the other.
while [ "${1#-}" != "$1" ]; do case "$1" in --array=*) range="${1#--array=}";; esac; shift; done
script="$1"; shift
echo "$range" >> submitted; range="${range%\\%*}"
for task in $(seq "${range%-*}" "${range#*-}"); do
  SLURM_ARRAY_TASK_ID=$task SLURM_SUBMIT_DIR="$PWD" SLURM_CPUS_PER_TASK=2 bash "$script" "$@" > "logs/$task.log" 2>&1 || failed=1
done
exit "${failed:-0}"
"""


class Array:
    """An exported array whose cluster is a script."""

    def __init__(self, folder, source, count, tasks, **changes):
        import cluster

        plan = json.loads((source / "run.json").read_text())
        parameters = [{**PARAMETERS, "steps": 4 + index} for index in range(count)]
        cluster.write(folder, [{**plan, "index": at, "name": f"n {at}", "parameters": one, **changes} for at, one in enumerate(parameters)], tasks=tasks)
        self.folder = folder
        self.experiments = json.loads((folder / "experiments.json").read_text())
        stub = folder.parent / "bin" / "sbatch"
        stub.parent.mkdir()
        stub.write_text(SBATCH)
        stub.chmod(0o755)
        path = f"{stub.parent}:{os.environ['PATH']}"
        self.environment = {"PATH": path, "MINIBATCH_PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"}

    def call(self, script, *words):
        return subprocess.run([str(self.folder / script), *words], env=self.environment, capture_output=True, text=True, cwd="/")

    def logs(self):
        return {path.stem: path.read_text() for path in sorted((self.folder / "logs").iterdir())}

    def of(self, at, attempt=1):
        return self.folder / self.experiments[at]["folder"] / f"attempt-{attempt}"


def test_an_array_takes_turns_and_goes_on_where_it_was_cut_off(whole, tmp_path):
    array = Array(tmp_path / "with blanks", whole[0], 4, tasks=2)
    array.of(3).mkdir(parents=True)
    (array.of(3) / "result.json").write_text("{}")
    assert array.call("status.sh").stdout.startswith("4 experiments: 1 done, 3 not begun.")
    sent = array.call("submit.sh", "1")
    logs = array.logs()
    assert sent.returncode == 0, (sent.stderr, logs)
    assert sent.stdout.startswith("3 of 4 experiments in 2 tasks, at most 1 at once.")
    assert (array.folder / "submitted").read_text() == "0-1%1\n" and sorted(logs) == ["0", "1"]
    assert "n 0: runs/0000-n-0/attempt-1 on " in logs["0"] and "n 2: runs/" in logs["0"] and "n 3" not in "".join(logs.values())
    assert "n 1: runs/0001-n-1/attempt-1 on " in logs["1"] and "n 0" not in logs["1"]
    for at in (0, 1, 2):
        result = json.loads((array.of(at) / "result.json").read_text())
        assert result["rows"] == len(rows_of(array.of(at))) and result["parameters"]["steps"] == 4 + at
    assert array.call("status.sh").stdout == "4 experiments: 4 done.\n"
    assert array.call("submit.sh").stdout.startswith("Nothing is missing")

    # One was cut off, one runs elsewhere: only the first is submitted, and goes on at its checkpoint.
    (array.of(0) / "result.json").unlink()
    (array.of(2) / "result.json").unlink()
    mark = array.of(2).parent / "running"
    mark.touch()
    assert "4 experiments: 2 done, 1 running, 1 cut off.\nn 0 was cut off or failed: see runs/0000-n-0/attempt-1/output.log" in array.call("status.sh").stdout
    sent = array.call("submit.sh", "4", "--time=1:00:00")
    assert sent.returncode == 0 and (array.folder / "submitted").read_text() == "0-1%1\n0-0%4\n"
    assert json.loads((array.of(0, 2) / "run.json").read_text())["resumeFrom"].endswith("attempt-1/checkpoint")
    assert (array.of(0, 2) / "result.json").is_file() and not array.of(2, 2).exists()
    os.utime(mark, (0, 0))
    assert "3 done, 1 cut off" in array.call("status.sh").stdout


def test_a_task_that_fails_is_told_and_the_others_are_run(whole, tmp_path):
    array = Array(tmp_path / "array", whole[0], 2, tasks=1)
    broken = {**array.experiments[0], "parameters": {**PARAMETERS, "width": "wide"}}
    (array.folder / "experiments.json").write_text(json.dumps([broken, array.experiments[1]]))
    assert array.call("submit.sh").returncode == 1
    assert "n 0: ended with 1, see runs/0000-n-0/attempt-1/output.log" in array.logs()["0"] and (array.of(1) / "result.json").is_file()
    assert not (array.of(0).parent / "running").exists()


def test_runs_of_two_gpus_get_two_from_the_cluster_and_one_process_with_a_note_where_it_gave_one(whole, tmp_path):
    import cluster_task

    array = Array(tmp_path / "array", whole[0], 1, tasks=1, devices=["cuda:0", "cuda:1"])
    text = (array.folder / "array.sbatch").read_text()
    assert "#SBATCH --gpus-per-task=2\n" in text and "--ntasks=1\n" in text and "--cpus-per-task=8\n" in text
    assert "2 GPUs each" in (array.folder / "README.txt").read_text()
    assert cluster_task.devices_of({"devices": 2}, 4) == ["cuda:0", "cuda:1"]
    assert cluster_task.devices_of({"devices": 2}, 1) == cluster_task.devices_of({}, 2) == ["cuda:0"]
    assert array.call("submit.sh").returncode == 0
    result = json.loads((array.of(0) / "result.json").read_text())
    assert result["device"] == "cpu+cpu" and result["threads"] == 1 and " on cpu+cpu" in array.logs()["0"]


def test_what_the_cluster_begins_anew_goes_on_with_its_own(whole, tmp_path, monkeypatch):
    import cluster_task

    array = Array(tmp_path / "array", whole[0], 1, tasks=1)
    array.of(0).mkdir(parents=True)
    (array.of(0).parent / "running").write_text("77_0")
    monkeypatch.setenv("SLURM_ARRAY_TASK_ID", "0")
    assert cluster_task.is_elsewhere(array.folder, array.experiments[0])
    monkeypatch.setenv("SLURM_ARRAY_JOB_ID", "77")
    assert not cluster_task.is_elsewhere(array.folder, array.experiments[0])
    monkeypatch.setenv("SLURM_ARRAY_JOB_ID", "78")
    assert cluster_task.is_elsewhere(array.folder, array.experiments[0])


def test_results_are_exported_as_an_array(whole, tmp_path):
    place = tmp_path / "result"
    place.mkdir()
    (place / "run.json").write_text((whole[0] / "run.json").read_text())
    analyzed("slurm", tmp_path / "array", [{"name": "n", "index": 0, "folder": str(place)}])
    assert "rsync -az" in (tmp_path / "array" / "README.txt").read_text()
    assert "#SBATCH --gpus-per-task=1\n" in (tmp_path / "array" / "array.sbatch").read_text()
