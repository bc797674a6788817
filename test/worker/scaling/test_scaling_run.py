import json
import math
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from scaling_runs import PARAMETERS, WORKLOAD, analyzed, ended, events, rows_of, started

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
        device, resume_folder, plan = "cpu", None, {}
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
for word in "$@"; do case "$word" in --array=*) range="${word#--array=}";; esac; script="$word"; done
most="${range#*%}"; range="${range%\\%*}"; echo "at most $most" > submitted
for task in $(seq "${range%-*}" "${range#*-}"); do
  SLURM_ARRAY_TASK_ID=$task SLURM_SUBMIT_DIR="$PWD" SLURM_CPUS_PER_TASK=1 bash "$script" > "logs/$task.log" 2>&1 || exit 1
done
"""


def test_an_array_takes_turns_and_goes_on_where_it_was_cut_off(whole, tmp_path):
    folder, _, _ = whole
    results = []
    for index in range(3):
        place = tmp_path / "results" / str(index)
        place.mkdir(parents=True)
        plan = json.loads((folder / "run.json").read_text())
        (place / "run.json").write_text(json.dumps({**plan, "index": index, "name": f"n {index}", "parameters": {**PARAMETERS, "steps": 4 + index}}))
        results.append({"name": f"n {index}", "index": index, "folder": str(place)})
    out = tmp_path / "with blanks"
    analyzed("slurm", out, results)
    # Two tasks for three experiments: the first has two of them.
    experiments = json.loads((out / "experiments.json").read_text())
    sys.path.insert(0, str(WORKLOAD))
    import cluster

    cluster.write(out, [json.loads((tmp_path / "results" / str(index) / "run.json").read_text()) for index in range(3)], tasks=2)
    stub = tmp_path / "bin" / "sbatch"
    stub.parent.mkdir()
    stub.write_text(SBATCH)
    stub.chmod(0o755)
    done = out / experiments[2]["folder"] / "attempt-1"
    done.mkdir(parents=True)
    (done / "result.json").write_text("{}")
    environment = {"PATH": f"{stub.parent}:{os.environ['PATH']}", "MINIBATCH_PYTHON": sys.executable, "PYTHONDONTWRITEBYTECODE": "1"}
    sent = subprocess.run([str(out / "submit.sh"), "1"], env=environment, capture_output=True, text=True, cwd="/")
    logs = {path.name: path.read_text() for path in sorted((out / "logs").iterdir())}
    assert sent.returncode == 0, (sent.stderr, logs)
    assert (out / "submitted").read_text() == "at most 1\n" and sorted(logs) == ["0.log", "1.log"]
    assert "n 0: runs/0000-n-0/attempt-1 on " in logs["0.log"] and "n 2: has a result." in logs["0.log"]
    assert "n 1: runs/0001-n-1/attempt-1 on " in logs["1.log"] and "n 0" not in logs["1.log"]
    for at in (0, 1):
        own = out / experiments[at]["folder"] / "attempt-1"
        result = json.loads((own / "result.json").read_text())
        assert result["rows"] == len(rows_of(own)) and result["parameters"]["steps"] == 4 + at
    check_resume(out, experiments[0])


def check_resume(out, experiment):
    """What was cut off gets a second attempt that begins at the first one's checkpoint."""
    import cluster_task

    (out / experiment["folder"] / "attempt-1" / "result.json").unlink()
    second = cluster_task.prepare(out, experiment, "cpu", 1)
    assert second.name == "attempt-2"
    assert json.loads((second / "run.json").read_text())["resumeFrom"].endswith("attempt-1/checkpoint")
