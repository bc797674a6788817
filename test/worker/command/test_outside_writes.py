import os
from pathlib import Path

import pytest
from workload_modules import use_workload

use_workload("command")
import outside_writes  # noqa: E402
from outside_writes import OutsideWatch, sentence_about  # noqa: E402


@pytest.fixture
def places(tmp_path):
    """A batch with two runs of two experiments, and the folder that its code came from, all written long ago."""
    batch = tmp_path / "study" / "batches" / "b"
    run = batch / "runs" / "0-a" / "attempt-2"
    for path in [run / "work/out.txt", batch / "runs/0-a/attempt-1/output.log", batch / "runs/1-b/attempt-1/output.log",
                 batch / "batch.json", batch / "code/train.py", tmp_path / "study/train.py", tmp_path / "study/data/old.txt"]:
        write(path)
    (tmp_path / "study/.minibatch").mkdir()
    for path in tmp_path.rglob("*"):
        os.utime(path, (1, 1))
    return tmp_path / "study", batch, run


def write(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")


def names(watch, root, **how):
    return sorted(str(path.relative_to(root)) for path in watch.look(**how))


def test_files_beside_the_run_and_in_the_original_folder_are_found(places):
    study, batch, run = places
    watch = OutsideWatch(run, study)
    assert watch.look() == []
    for path in ["result.csv", "data/new.txt", "batches/b/code/cache.bin", "batches/b/runs/0-a/up.txt", "batches/b/runs/stray/deep.txt",
                 "batches/b/top.txt"]:
        write(study / path)
    expected = ["batches/b/code/cache.bin", "batches/b/runs/0-a/up.txt", "batches/b/top.txt", "data/new.txt", "result.csv"]
    assert names(watch, study, patient=True) == expected


def test_what_belongs_to_the_run_to_others_or_to_people_is_none_of_it(places):
    study, batch, run = places
    os.symlink("/", study / "everything")
    os.utime(study / "everything", (1, 1), follow_symlinks=False)
    watch = OutsideWatch(run, study)
    for path in [run / "work/new.txt", run / "events.jsonl", batch / "runs/1-b/attempt-1/events.jsonl", batch / "runs/0-a/attempt-1/late.txt",
                 batch / "batch.json", batch / "journal.jsonl", batch / "exports/all.csv", study / "train.py", study / "a.minibatch.yaml", study / "notes.md",
                 study / ".git/index", study / "__pycache__/train.pyc", study / "env/pyvenv.cfg", study / "env/lib/x.py", study / "trash/x"]:
        write(path)
    assert watch.look(patient=True) == []


def test_code_that_runs_in_its_place_is_its_own(places):
    study, batch, run = places
    watch = OutsideWatch(run, None)
    write(study / "result.csv")
    assert watch.look(patient=True) == []


def test_a_look_through_a_large_folder_is_cut_short_unless_it_may_take_its_time(places, monkeypatch):
    study, batch, run = places
    for index in range(300):
        (study / "data" / str(index)).mkdir()
    for index in range(2_000):
        path = study / "data" / str(index % 300) / ("%d.txt" % index)
        path.touch()
        os.utime(path, (1, 1))
    watch = OutsideWatch(run, study)
    write(study / "data" / "299" / "deep" / "new.txt")
    monkeypatch.setattr(outside_writes, "LEAST_SECONDS", 0.001)
    assert watch.look() == []
    assert names(watch, study, patient=True) == ["data/299/deep/new.txt"]


def test_the_sentence_names_a_few():
    one, many = [Path("/a/b")], [Path("/a/%d" % index) for index in range(100)]
    assert "a file was written outside its folder, by it or by something else: /a/b." in sentence_about(one)
    assert "/a/0, /a/1, /a/2, /a/3, /a/4 and at least 95 more." in sentence_about(many)
