import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from workload_modules import WORKLOADS

WORKLOAD = WORKLOADS / "memorization"
WORKER = WORKLOAD.parents[1] / "python" / "minibatch" / "worker.py"
PARAMETERS = {
    "hidden": [24, 24], "dataSeed": 42, "targetRatios": 24, "epochs": 60, "n": [1, 2, 12], "features": "summary",
    "normalization": "global", "transposedLoss": False, "generalisationScenarios": 10, "scenarios": 60,
    "environment": "rural", "area": 1000, "learningRate": 0.03, "batchSize": 8, "patience": 20, "minDelta": 0.001,
    "chunkSize": 6,
}  # fmt: skip
CHUNKS = 4 + 2 + 1


def started(folder, cache, resume=None, **parameters):
    folder.mkdir(parents=True)
    plan = {
        "version": 1, "batch": "b", "index": 0, "attempt": 1, "name": "[24, 24]", "workload": "memorization",
        "workloadVersion": 1, "workloadFolder": str(WORKLOAD), "identity": "ab" * 32,
        "parameters": {**PARAMETERS, **parameters}, "seed": 77, "batchSeed": 42, "device": "cpu", "threads": 1,
        "command": [], "environment": {}, "workingFolder": str(folder), "cacheFolder": str(cache),
        "resumeFrom": resume and str(resume), "memoryLimitMb": None, "timeoutSeconds": None, "graceSeconds": 20,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(plan))
    environment = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen([sys.executable, str(WORKER), str(folder)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def events(folder, kind=None):
    path = folder / "events.jsonl"
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [event for event in found if kind in (None, event["kind"])]


def rows_of(folder):
    return [event["row"] for event in events(folder, "row")]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An undisturbed run: its folder, the cache and what it printed."""
    base = tmp_path_factory.mktemp("whole")
    process = started(base / "run", base / "cache")
    printed = process.communicate()[0].decode()
    assert process.returncode == 0, printed
    return base / "run", base / "cache", printed


def test_a_run_gives_one_row_for_each_ratio(whole):
    folder, _, _ = whole
    rows = rows_of(folder)
    result = json.loads((folder / "result.json").read_text())
    assert result["rows"] == len(rows) == 24 * 3
    assert [sum(row["n"] == count for row in rows) for count in (1, 2, 12)] == [24, 24, 24]
    for row in rows:
        assert row["ratio"] == pytest.approx(row["dnn"] / row["search"], rel=1e-6)
        assert 0 < row["bestEpoch"] <= row["epochs"] <= 60 and 0 <= row["unseen"] < 10
        assert 0 < row["ratio"] < 1.5 and 0 < row["generalisation"] < 1.5
    assert result["summary"]["trainings"] == 24 + 12 + 2
    assert len({(row["n"], row["trial"], row["sample"]) for row in rows}) == len(rows)


def test_a_run_says_how_it_goes(whole):
    folder, _, printed = whole
    assert [event["text"] for event in events(folder, "phase")][0] == "N = 1 · trials 1–6 of 24"
    progress = events(folder, "progress")
    assert progress[-1]["done"] == progress[-1]["total"] == 38 and progress[-1]["unit"] == "trainings"
    assert all(later["done"] >= earlier["done"] for earlier, later in zip(progress, progress[1:]))
    names = {name for event in events(folder, "metric") for name in event["values"]}
    assert names >= {"loss/n1", "loss/n12", "ratio/mean", "ratio/n1", "generalisation/n12"}
    curve = [event["step"] for event in events(folder, "metric") if "loss/n1" in event["values"]]
    assert curve == sorted(curve) and 5 < len(curve) < 80
    assert len(events(folder, "checkpoint")) == CHUNKS
    assert len(printed.strip().splitlines()) == CHUNKS and "\r" not in printed


def test_all_architectures_memorize_the_same_scenarios(whole, tmp_path):
    folder, cache, _ = whole
    assert started(tmp_path / "run", cache, hidden=[16], epochs=3).wait() == 0
    key = [(row["n"], row["trial"], row["sample"], row["search"]) for row in rows_of(folder)]
    assert key == [(row["n"], row["trial"], row["sample"], row["search"]) for row in rows_of(tmp_path / "run")]


def test_every_other_option_works_together(tmp_path):
    others = {
        "features": "full", "normalization": "local", "transposedLoss": True, "generalisationScenarios": 0,
        "environment": "urban", "area": 300, "chunkSize": 0, "targetRatios": 5, "epochs": 4,
    }  # fmt: skip
    process = started(tmp_path / "run", tmp_path / "cache", **others)
    printed = process.communicate()[0].decode()
    assert process.returncode == 0, printed
    rows = rows_of(tmp_path / "run")
    assert [sum(row["n"] == count for row in rows) for count in (1, 2, 12)] == [5, 6, 12]
    assert not any("generalisation" in row for row in rows) and "arning" not in printed


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_resumed_run_repeats_at_most_one_chunk_and_ends_alike(whole, tmp_path, how):
    folder, cache, _ = whole
    first = tmp_path / "first"
    process = started(first, cache)
    deadline = time.monotonic() + 60
    while len(events(first, "checkpoint")) < 3:
        assert process.poll() is None and time.monotonic() < deadline
    process.send_signal(how)
    assert process.wait(60) == (130 if how == signal.SIGINT else -how)
    finished = len(events(first, "checkpoint"))
    assert finished < CHUNKS, "the run was over before it was stopped"
    second = tmp_path / "second"
    # The chunk size is told otherwise: the division of the checkpoint must win, because it decides the rounding.
    process = started(second, cache, resume=first / "checkpoint", chunkSize=4)
    printed = process.communicate()[0].decode()
    assert process.returncode == 0, printed
    assert len(events(second, "phase")) == CHUNKS - finished
    assert rows_of(second) == rows_of(folder)
    results = [json.loads((path / "result.json").read_text()) for path in (folder, second)]
    assert results[0]["summary"] == results[1]["summary"] and results[1]["rows"] == 72


def test_warm_up_leaves_no_import_for_the_first_step(tmp_path):
    code = (
        "import sys; sys.path[:0] = sys.argv[1:3]\n"
        "import torch, train\n"
        "torch.set_num_threads(1)\n"
        "train.warm_up()\n"
        "from train import Settings, Study, Recipe, DataSpec, Chunk\n"
        "loaded = set(sys.modules)\n"
        "settings = Settings((32, 32), (1,), 200, 'summary', 'global', DataSpec(42, 1000, 100), Recipe(), 0)\n"
        "training, _ = Study(settings, 1, sys.argv[3]).prepare(Chunk(1, 0, 99))\n"
        "training.epoch(1)\n"
        "print(sorted(set(sys.modules) - loaded))"
    )
    folders = [str(WORKLOAD), str(WORKLOAD.parents[1] / "python"), str(tmp_path)]
    printed = subprocess.check_output([sys.executable, "-B", "-c", code, *folders], env={"OMP_NUM_THREADS": "1"}, text=True)
    assert printed == "[]\n"


def test_exports_in_the_layout_of_the_study(whole, tmp_path):
    folder, _, _ = whole
    result = {"name": "[24, 24]", "index": 0, "parameters": PARAMETERS, "facts": {"parameterCount": 1062}, "folder": str(folder), "rows": rows_of(folder)}
    script = [sys.executable, "-B", "-I", "-S", str(WORKLOAD / "analyze.py")]
    subprocess.run([*script, "yaml", str(tmp_path)], input=json.dumps({"results": [result]}), text=True, check=True)
    text = (tmp_path / "n_sample_memorization_results_24_24.yaml").read_text().splitlines()
    assert text[0] == "metadata:" and "  hidden_sizes: [24, 24]" in text and "  target_ratios: 24" in text
    start = text.index("results:")
    assert text[start + 1] == "  1:"
    assert text[start + 2] == f"    - {rows_of(folder)[0]['ratio']}"
    assert sum(line.startswith("    - ") for line in text[start : text.index("generalisation:")]) == 72
    assert subprocess.run([*script, "csv", str(tmp_path)], input="{}", text=True, capture_output=True).returncode == 2
    assert [path.name for path in Path(tmp_path).iterdir()] == ["n_sample_memorization_results_24_24.yaml"]
