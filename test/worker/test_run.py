"""What a workload is offered."""
import json
import math
import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest
from harness import PACKAGE, wait_for, write_run
from minibatch.memory import read_memory
from minibatch.parameters import ParameterError, Parameters
from minibatch.run import Run, Stopped, newest_checkpoint


@pytest.fixture
def run(tmp_path):
    write_run(tmp_path / "run", ["unused"], parameters={"hidden": [3, 4], "rate": 1, "name": "x", "flag": True})
    run = Run(tmp_path / "run")
    yield run
    run.events.close()


def events(run):
    return [json.loads(line) for line in (run.folder / "events.jsonl").read_text().splitlines()]


def save(text):
    return lambda folder: (folder / "state").write_text(text)


def test_parameters_are_read_strictly(run):
    parameters = run.parameters
    assert parameters.hidden == parameters["hidden"] == parameters.require("hidden", [int]) == [3, 4]
    assert parameters.require("rate", float) == 1.0 and isinstance(parameters.require("rate", float), float)
    assert parameters.require("absent", int, default=5) == 5 and parameters.get("absent") is None
    assert dict(parameters) == run.plan["parameters"] and "hidden" in parameters and "absent" not in parameters
    parameters.only("hidden", "rate", "name", "flag", "more")


@pytest.mark.parametrize("use, words", [
    (lambda p: p.hiden, "'hiden'.*flag, hidden, name, rate"),
    (lambda p: p["nothing"], "'nothing'"),
    (lambda p: p.require("absent", int), "'absent'"),
    (lambda p: p.require("name", int), "'name' must be of type int, not 'x'"),
    (lambda p: p.require("flag", int), "'flag' must be of type int"),
    (lambda p: p.require("hidden", [str]), "list of str"),
    (lambda p: p.only("hidden", "rate"), "Unknown parameter 'flag', 'name'; known are hidden, rate"),
    (lambda p: Parameters({}).any, "this run has none"),
])
def test_a_mistake_names_the_parameter(run, use, words):
    with pytest.raises(ParameterError, match=words):
        use(run.parameters)


def test_result_carries_the_identity_and_the_row_count(run):
    run.restore_rows([{"n": 1}, {"n": 2}])
    run.row({"n": 3, "ratio": math.nan})
    run.finish({"mean ratio": math.inf})
    result = json.loads((run.folder / "result.json").read_text())
    assert result["identity"] == "ab" * 32 and result["workload"] == "w" and result["seed"] == 1
    assert result["rows"] == 3 == sum(event["kind"] == "row" for event in events(run))
    assert result["summary"] == {"mean ratio": "Infinity"}
    assert result["parameters"] == run.plan["parameters"] and result["versions"]["python"]
    assert result["endedAt"] >= result["startedAt"] and result["peakMemoryBytes"] > 1 << 20
    assert set(result) == {
        "version", "identity", "workload", "workloadVersion", "parameters", "seed", "device", "threads", "startedAt",
        "endedAt", "seconds", "rows", "summary", "versions", "peakMemoryBytes",
    }
    with pytest.raises(RuntimeError, match="already finished"):
        run.row({"n": 4})


def test_a_partial_result_says_what_is_missing(run):
    run.finish({}, partial=" Two of three seeds diverged. ")
    assert json.loads((run.folder / "result.json").read_text())["partial"] == "Two of three seeds diverged."


@pytest.mark.parametrize("partial", ["", " ", True])
def test_partial_must_be_a_sentence(run, partial):
    with pytest.raises(ValueError, match="must be a sentence"):
        run.finish({}, partial=partial)
    assert not (run.folder / "result.json").exists()


def test_a_result_that_cannot_be_written_leaves_none(run):
    with pytest.raises(TypeError):
        run.finish({"bad": object()})
    assert not (run.folder / "result.json").exists()


def test_result_is_never_seen_half(run, tmp_path, monkeypatch):
    """Between the temporary file and the rename there is no result.json; after it, a whole one."""
    seen = []
    real = os.replace

    def watched(source, target):
        seen.append((os.path.exists(target), json.loads(open(source).read())["rows"]))
        real(source, target)

    monkeypatch.setattr(os, "replace", watched)
    run.row({"a": 1})
    run.finish({})
    assert seen == [(False, 1)] and not list(run.folder.glob("*.tmp"))


def test_checkpoints_replace_each_other_and_are_found_again(run, tmp_path):
    assert run.resume_folder is None
    run.checkpoint("epoch", save("1"))
    run.checkpoint("epoch", save("2"))
    folder = run.checkpoint("last/one", save("3"))
    assert newest_checkpoint(run.checkpoint_folder) == folder and (folder / "state").read_text() == "3"
    assert sorted(path.name for path in run.checkpoint_folder.iterdir()) == ["last_one-3", "latest.json"]
    assert [event["name"] for event in events(run)] == ["epoch", "epoch", "last/one"]
    write_run(tmp_path / "next", ["unused"], resumeFrom=str(run.checkpoint_folder))
    assert (Run(tmp_path / "next").resume_folder / "state").read_text() == "3"


def test_a_saver_that_fails_leaves_the_older_checkpoint(run):
    run.checkpoint("good", save("1"))

    def broken(folder):
        (folder / "state").write_text("half")
        raise ValueError("no")

    with pytest.raises(ValueError):
        run.checkpoint("bad", broken)
    assert (newest_checkpoint(run.checkpoint_folder) / "state").read_text() == "1"
    run.checkpoint("better", save("2"))
    assert (newest_checkpoint(run.checkpoint_folder) / "state").read_text() == "2"


def test_killed_while_saving_a_whole_checkpoint_remains(tmp_path):
    """A process that saves all the time is killed at odd moments; what is found afterwards is always whole."""
    code = (
        "import sys; sys.path.insert(0, %r)\nfrom minibatch.run import Run\nrun = Run(sys.argv[1])\n"
        "def save(folder, n):\n for k in range(3): (folder / str(k)).write_text(str(n) * 2000)\n"
        "for n in range(10**6): run.checkpoint('c', lambda folder: save(folder, n))\n" % str(PACKAGE.parent)
    )
    for attempt in range(6):
        folder = tmp_path / str(attempt)
        write_run(folder, ["unused"])
        process = subprocess.Popen([sys.executable, "-c", code, str(folder)])
        target = 2 + attempt * 3
        wait_for(lambda: (folder / "events.jsonl").exists() and (folder / "events.jsonl").read_text().count("\n") >= target)
        process.send_signal(signal.SIGKILL)
        process.wait()
        newest = newest_checkpoint(folder / "checkpoint")
        parts = [(newest / str(k)).read_text() for k in range(3)]
        assert parts[0] == parts[1] == parts[2] and len(parts[0]) % 2000 == 0 and parts[0]


def test_stop_point_saves_first_and_only_after_a_stop(run):
    run.stop_point("here", save("never"))
    assert not run.checkpoint_folder.exists()
    run.should_stop = True
    with pytest.raises(Stopped, match="no checkpoint"):
        run.stop_point()
    with pytest.raises(Stopped, match="Stopped at a checkpoint"):
        run.stop_point("here", save("1"))
    assert (newest_checkpoint(run.checkpoint_folder) / "state").read_text() == "1"


def test_memory_is_reported(run):
    used = run.memory()
    assert used["peak"] >= used["allocated"] > 1 << 20
    assert events(run)[-1]["kind"] == "memory" and events(run)[-1]["peak"] == used["peak"]


def test_artifacts_folder_is_there_when_needed(run):
    assert not (run.folder / "artifacts").exists()
    assert run.artifacts.is_dir() and run.artifacts == run.folder / "artifacts"


def test_memory_of_the_gpu_is_asked_of_a_framework_that_is_already_there(monkeypatch):
    """A stand-in for torch: this machine has neither Metal nor CUDA."""
    mps = SimpleNamespace(current_allocated_memory=lambda: 1, driver_allocated_memory=lambda: 20)
    cuda = SimpleNamespace(
        is_initialized=lambda: True, memory_allocated=lambda device: 3, memory_reserved=lambda device: 4, max_memory_reserved=lambda device: 5
    )
    monkeypatch.setitem(sys.modules, "torch", SimpleNamespace(mps=mps, cuda=cuda))
    assert read_memory("mps") == {"allocated": 1, "driver": 20, "peak": None}
    assert read_memory("cuda:0") == {"allocated": 3, "driver": 4, "peak": 5}
    assert read_memory("cpu")["driver"] is None
