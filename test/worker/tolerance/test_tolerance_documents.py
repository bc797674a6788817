"""Results that come as documents: taken over where everything in them agrees, refused with a sentence elsewhere."""

import csv
import json
import os
import subprocess
import sys

import pytest
from tolerance_runs import NETWORK, WORKLOAD, describe, described, ended, rows_of

DENSE, STRIDED = "Dense_tol2.0_results.json", "CNN_Strided_tol2.0_results.json"
# As the study that proved layers wrote them.
PROOF = {
    "model_name": "ReLU", "tolerance": 0.5, "status": "success", "ezkl_input_scale": 10, "ezkl_param_scale": 10,
    "compile_time": 0.2, "circuit_size": 13, "num_constraints": 4096, "setup_time": 5.0, "pk_size_kb": 204800.0,
    "proof_time": {"mean": 5.2, "std": 0.1, "min": 5.1, "max": 5.3}, "proof_size_kb": 20.0, "verify_time": 0.1, "proof_valid": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Documents that two runs wrote, by file name, and the folder of the first run."""
    base = tmp_path_factory.mktemp("made")
    ended(base / "dense", base / "cache")
    ended(base / "strided", base / "cache", layer="CNN_Strided", **NETWORK)
    paths = [*base.glob("*/artifacts/*_results.json")]
    return {path.name: json.loads(path.read_text()) for path in paths}, base / "dense"


def adopted(*files):
    done = subprocess.run(
        [sys.executable, "-B", "-I", "-S", "-c", RUN, str(WORKLOAD)],
        input=json.dumps({"files": [str(path) for path in files]}), text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


RUN = "import sys, runpy; sys.path[:0] = [sys.argv[1], sys.argv[1] + '/../../python']; runpy.run_path(sys.argv[1] + '/adopt.py', run_name='__main__')"


def written(folder, name, content):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return folder / name


def test_a_document_says_all_that_its_run_did(made, tmp_path):
    documents, run = made
    found = adopted(written(tmp_path, DENSE, documents[DENSE]), written(tmp_path, STRIDED, documents[STRIDED]))
    assert found["refused"] == []
    dense, strided = found["results"]
    plan, result = (json.loads((run / name).read_text()) for name in ("run.json", "result.json"))
    assert dense["parameters"] == plan["parameters"] and dense["batchSeed"] == plan["batchSeed"]
    assert dense["rows"] == rows_of(run) and dense["index"] == 23 and dense["name"] == "Dense (2 %)"
    assert dense["summary"]["minimum scale"] == result["summary"]["minimum scale"]
    assert dense["versions"] == result["versions"] and dense["startedAt"] == result["startedAt"]
    assert dense["seconds"] == pytest.approx(result["seconds"], abs=0.5)
    assert strided["summary"]["accuracy, float"] == documents[STRIDED]["float_accuracy"] is not None


def changed(document, **changes):
    return {**document, **changes}


@pytest.mark.parametrize(
    ("name", "change", "sentence"),
    [
        (DENSE, lambda one: json.dumps(one)[:900], "cut off or damaged"),
        (DENSE, lambda one: [one], "names no layer"),
        (DENSE, lambda one: changed(one, model_name="Softmax"), "Softmax is none of the 20 layers"),
        (DENSE, lambda one: changed(one, status="failed", error="Out of memory"), "tells of a failure: Out of memory"),
        ("ReLU_tol0.5_results.json", lambda one: PROOF, "it holds the times of a proof"),
        ("ReLU_tol2.0_results.json", lambda one: one, "its name says something else than its content, Dense at 2 %"),
        (DENSE, lambda one: changed(one, scales=one["scales"][:-1]), "it lacks scales: 4 to 14"),
        (DENSE, lambda one: changed(one, scales=[{**row, "maxErrorPercent": 0.1} for row in one["scales"]]), "contradict each other"),
        (DENSE, lambda one: changed(one, minimum_scale=4), "does not follow from its rows"),
        (DENSE, lambda one: changed(one, scales=[{"scale": row["scale"]} for row in one["scales"]]), "rows are damaged"),
        (DENSE, lambda one: changed(one, experimental_config={**one["experimental_config"], "epochs": 3}), "not those of Dense (see epochs)"),
        (DENSE, lambda one: {key: value for key, value in one.items() if key != "run"}, "on which device and when"),
    ],
)
def test_what_does_not_agree_is_refused_by_name(made, tmp_path, name, change, sentence):
    path = written(tmp_path, name, change(made[0][DENSE]))
    found = adopted(path)
    assert found["results"] == [] and len(found["refused"]) == 1
    assert found["refused"][0].startswith(f"{path}: ") and sentence in found["refused"][0]


@pytest.fixture
def proofs(tmp_path):
    """A folder as a person would have it: groups, a copy of an older result, a failure, a torn file, a foreign one."""
    core = tmp_path / "results" / "core_layers"
    written(core, "ReLU_tol0.5_results.json", PROOF)
    old = written(tmp_path / "old", "ReLU_tol0.5_results.json", {**PROOF, "proof_time": {"mean": 99.0}})
    os.utime(old, (1e9, 1e9))
    written(core, "Dense_tol2.0_results.json", {**PROOF, "model_name": "Dense", "tolerance": 2.0, "proof_time": 1.5})
    written(core, "LayerNorm_tol0.5_results.json", {**PROOF, "model_name": "LayerNorm", "status": "failed"})
    written(core, "Tanh_tol0.5_results.json", json.dumps(PROOF)[:50])
    written(core, "Softmax_tol0.5_results.json", {**PROOF, "model_name": "Softmax"})
    written(tmp_path / "results", "experiment_log.json", {})
    return tmp_path


def test_numbers_of_proofs_stand_beside_the_experiments_and_change_none(proofs):
    plain, told = described(), described(proofs=str(proofs))
    facts = {one["name"]: one["facts"] for one in told["experiments"]}
    assert facts["ReLU (0.5 %)"]["proofSeconds"] == 5.2 and facts["ReLU (0.5 %)"]["provingKeyMb"] == 200
    assert facts["Dense (2 %)"]["proofSeconds"] == 1.5 and "proofSeconds" not in facts["Dense (0.5 %)"]
    assert [one["parameters"] for one in told["experiments"]] == [one["parameters"] for one in plain["experiments"]]
    note = told["notes"][-1]
    assert "documents of 2 experiments used, 4 left out." in note and "Softmax_tol0.5_results.json: it belongs to no" in note


def test_a_folder_without_proofs_is_refused(tmp_path):
    for folder in (tmp_path / "nowhere", tmp_path):
        answer = describe(proofs=str(folder))
        assert answer.returncode == 2 and answer.stderr.startswith("Option proofs: ") and str(folder) in answer.stderr


def test_the_export_has_a_table_of_proofs_beside_results(made, proofs, tmp_path):
    _, run = made
    facts = {one["name"]: one["facts"] for one in described(proofs=str(proofs))["experiments"]}
    parameters = json.loads((run / "run.json").read_text())["parameters"]
    result = {"name": "Dense (2 %)", "index": 23, "parameters": parameters, "facts": facts["Dense (2 %)"], "folder": str(run), "rows": rows_of(run)}
    done = subprocess.run(
        [sys.executable, "-B", "-S", str(WORKLOAD / "analyze.py"), "results", str(tmp_path / "out")],
        input=json.dumps({"results": [result]}), text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (line,) = csv.DictReader((tmp_path / "out" / "proofs_beside_results.csv").open())
    assert line["layer"] == "Dense" and line["proofSeconds"] == "1.5" and line["proofScale"] == "10"
    assert int(line["minimum_scale"]) == json.loads((run / "result.json").read_text())["summary"]["minimum scale"]
