import dataclasses
import json
import signal
import subprocess
import sys

import pytest
from harness import wait_for
from tolerance_runs import NETWORK, PARAMETERS, WORKLOAD, ended, events, rows_of, started

import train
from report import NOT_MEASURED


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    """An undisturbed run of a small network: its folder, its cache, its result."""
    base = tmp_path_factory.mktemp("network")
    result, _ = ended(base / "run", base / "cache", layer="CNN_Strided", **NETWORK)
    return base / "run", base / "cache", result


def test_a_layer_gives_one_row_for_each_scale(tmp_path):
    result, printed = ended(tmp_path / "run", tmp_path / "cache")
    rows = rows_of(tmp_path / "run")
    assert [row["scale"] for row in rows] == list(range(4, 15)) and result["rows"] == 11
    smallest = result["summary"]["minimum scale"]
    assert [row["scale"] for row in rows if row["maxErrorPercent"] <= 2.0][0] == smallest
    assert f"scale {smallest} keeps the error within 2 %" in printed
    assert result["peakMemoryBytes"] > 50 << 20


def test_no_scale_is_a_result_too(tmp_path):
    result, printed = ended(tmp_path / "run", tmp_path / "cache", tolerance=0.5, scales=[4, 6])
    assert result["summary"]["minimum scale"] is None and "no scale up to 6" in printed


def test_a_network_is_trained_and_measured(network):
    folder, cache, result = network
    assert [event["step"] for event in events(folder, "metric") if "training/loss" in event["values"]] == [1, 2, 3]
    assert result["summary"]["weights"] == "trained here"
    assert 0 <= result["summary"]["accuracy, float"] <= 1
    finest = rows_of(folder)[-1]
    assert finest["fixedAccuracy"] == result["summary"]["accuracy, float"] and finest["maxErrorPercent"] < 1
    assert len(list(cache.glob("tolerance-CNN_Strided-*.pt"))) == 1


def test_the_other_tolerance_takes_over_the_weights(network, tmp_path):
    folder, cache, _ = network
    result, printed = ended(tmp_path / "run", cache, layer="CNN_Strided", tolerance=0.5, **NETWORK)
    assert result["summary"]["weights"] == "reused" and "used again" in printed
    same = [{**row, "withinTolerance": None} for row in rows_of(folder)]
    assert [{**row, "withinTolerance": None} for row in rows_of(tmp_path / "run")] == same


def test_weights_that_cannot_be_read_are_trained_again(network, tmp_path):
    folder, cache, _ = network
    for path in cache.glob("*.pt"):
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache" / path.name).write_bytes(path.read_bytes()[:100])
    result, _ = ended(tmp_path / "run", tmp_path / "cache", layer="CNN_Strided", **NETWORK)
    assert result["summary"]["weights"] == "trained here" and rows_of(tmp_path / "run") == rows_of(folder)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_and_gone_on_with_the_rows_are_the_same(network, tmp_path, how):
    whole, _, _ = network
    first, cache = tmp_path / "first", tmp_path / "cache"
    process = started(first, cache, layer="CNN_Strided", **NETWORK)
    wait_for(lambda: events(first, "checkpoint"), "a checkpoint", 60)
    process.send_signal(how)
    process.communicate()
    if (first / "result.json").exists():
        pytest.skip("It was over before it could be interrupted.")
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    result, printed = ended(tmp_path / "second", cache, resume=first / "checkpoint", layer="CNN_Strided", **NETWORK)
    assert "Goes on after" in printed
    assert rows_of(tmp_path / "second") == rows_of(whole) and result["rows"] == 11


def test_the_document_says_what_was_measured_and_what_was_not(network):
    folder, _, _ = network
    document = json.loads((folder / "artifacts" / "CNN_Strided_tol2.0_results.json").read_text())
    assert document["status"] == "success" and document["tolerance"] == 2.0
    assert document["experimental_config"]["group"] == "composite"
    assert document["mapped_input_scale"] == 7 and len(document["scales"]) == 11
    assert document["float_latency_mean_s"] > 0 and document["fixed_latency_max_s"] >= document["fixed_latency_min_s"]
    assert document["peak_memory_mb"] > 50
    assert set(NOT_MEASURED) & set(document) == set() and "proof_time" in document["not_measured"]


def test_the_export_has_the_folders_of_the_original(network, tmp_path):
    folder, _, _ = network
    parameters = json.loads((folder / "run.json").read_text())["parameters"]
    bare = {**PARAMETERS, "tolerance": 0.5}
    results = [
        {"name": "n", "index": 39, "parameters": parameters, "facts": {}, "folder": str(folder), "rows": rows_of(folder)},
        {"name": "m", "index": 22, "parameters": bare, "facts": {}, "folder": str(tmp_path / "gone"), "rows": []},
    ]
    done = subprocess.run(
        [sys.executable, "-B", "-S", str(WORKLOAD / "analyze.py"), "results", str(tmp_path / "out")],
        input=json.dumps({"results": results}), text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.json"))
    assert written == ["results/composite/CNN_Strided_tol2.0_results.json", "results/core_layers/Dense_tol0.5_results.json"]
    own = json.loads((folder / "artifacts" / "CNN_Strided_tol2.0_results.json").read_text())
    assert json.loads((tmp_path / "out" / written[0]).read_text()) == own
    assert "peak_memory_mb" not in json.loads((tmp_path / "out" / written[1]).read_text())


def test_the_step_before_a_batch_passes_and_finds_a_wrong_layer(monkeypatch):
    train.smoke("cpu")
    wrong = dataclasses.replace(train.BY_NAME["Dense"], parameters=1)
    monkeypatch.setitem(train.BY_NAME, "Dense", wrong)
    with pytest.raises(RuntimeError, match="Dense has 32896 parameters and should have 1"):
        train.smoke("cpu")
