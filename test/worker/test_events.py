"""events.jsonl as it is written."""
import errno
import json
import math
import os

import pytest
from minibatch import events
from minibatch.events import EventWriter, plain


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def path(tmp_path):
    return tmp_path / "events.jsonl"


def read(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_non_finite_numbers_are_strings_everywhere(path):
    writer = EventWriter(path)
    writer.metric(1, {"loss/train": math.nan, "loss/test": -math.inf})
    writer.row({"ratio": math.inf, "deep": [{"x": math.nan}]})
    writer.result({"best": -math.inf})
    metric, row, result = read(path)
    assert metric["values"] == {"loss/train": "NaN", "loss/test": "-Infinity"}
    assert row["row"] == {"ratio": "Infinity", "deep": [{"x": "NaN"}]}
    assert result["summary"] == {"best": "-Infinity"}
    assert metric["step"] == 1 and metric["t"] > 1.6e9


def test_numpy_and_torch_values_are_accepted(path):
    numpy = pytest.importorskip("numpy")
    torch = pytest.importorskip("torch")
    value = {
        "a": numpy.float32(0.5), "b": numpy.int64(3), "c": numpy.bool_(True), "d": numpy.array([1.0, numpy.nan]),
        "e": torch.tensor(2.0), "f": torch.ones(2),
    }
    assert plain(value) == {"a": 0.5, "b": 3, "c": True, "d": [1.0, "NaN"], "e": 2.0, "f": [1.0, 1.0]}
    writer = EventWriter(path)
    writer.metric(numpy.int64(7), {"loss/train": torch.tensor(float("nan"))})
    writer.progress(numpy.int32(1), numpy.int64(2))
    assert read(path)[0]["values"] == {"loss/train": "NaN"} and read(path)[1]["done"] == 1


@pytest.mark.parametrize("values", [{"a/b": "text"}, {"a/b": None}, {"a/b": [1.0]}])
def test_a_metric_is_a_number(path, values):
    with pytest.raises(TypeError, match="a/b"):
        EventWriter(path).metric(1, values)


def test_what_has_no_json_form_is_refused(path):
    with pytest.raises(TypeError, match="object"):
        EventWriter(path).row({"a": object()})
    with pytest.raises(ValueError, match="warning"):
        EventWriter(path).message("x", "fatal")
    with pytest.raises(TypeError, match="total"):
        EventWriter(path).progress(1, math.nan)


def test_progress_is_coalesced_but_the_last_one_is_written(path):
    clock = Clock()
    writer = EventWriter(path, clock)
    for step in range(1, 1001):
        clock.now = step / 1000  # one second
        writer.progress(step, 5000, "steps")
    assert 9 <= len(read(path)) <= 11
    writer.close()
    assert read(path)[-1]["done"] == 1000


def test_every_other_event_lets_pending_progress_go_first(path):
    writer = EventWriter(path, Clock())
    writer.progress(1, 10)
    writer.progress(2, 10)
    writer.metric(2, {"a/b": 1.0})
    writer.phase("evaluation")
    order = [(event["kind"], event.get("done")) for event in read(path)]
    assert order == [("progress", 1), ("metric", None), ("progress", 2), ("phase", None)]


def test_complete_progress_is_written_at_once_and_an_unknown_total_is_no_completion(path):
    writer = EventWriter(path, Clock())
    writer.progress(1, 10)
    writer.progress(10, 10)
    assert [event["done"] for event in read(path)] == [1, 10]
    writer.progress(11, 0)
    writer.progress(12, 0)
    assert len(read(path)) == 2


def test_each_line_is_one_write(path, monkeypatch):
    writes = []
    real = os.write
    monkeypatch.setattr(events.os, "write", lambda descriptor, data: (writes.append(bytes(data)), real(descriptor, data))[1])
    writer = EventWriter(path)
    for step in range(20):
        writer.row({"step": step, "text": "é" * 5000})
    assert len(writes) == 20 and all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in writes)


def test_a_torn_last_line_is_ended_before_the_next(path):
    path.write_bytes(b'{"t": 1, "kind": "pha')
    EventWriter(path).phase("next")
    torn, whole = path.read_text().splitlines()
    assert json.loads(whole)["text"] == "next" and torn == '{"t": 1, "kind": "pha'


def test_a_full_disk_costs_curves_but_never_silently_a_row(path, monkeypatch, capsys):
    writer = EventWriter(path)
    room = [30]

    def cramped(descriptor, data):
        if room[0] <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        part = data[: room[0]]
        room[0] -= len(part)
        return real(descriptor, part)

    real = os.write
    monkeypatch.setattr(events.os, "write", cramped)
    writer.metric(1, {"a/b": 1.0})
    assert writer.lost == 1 and "disk is full" in capsys.readouterr().err
    with pytest.raises(OSError):
        writer.row({"a": 1})
    room[0] = 10_000
    writer.row({"a": 2})
    lines = path.read_text().splitlines()
    assert len(lines) == 2 and json.loads(lines[1])["row"] == {"a": 2}


def test_long_texts_are_cut_and_long_rows_refused(path):
    writer = EventWriter(path)
    writer.message("x" * 2_000_000)
    with pytest.raises(ValueError, match="too long"):
        writer.row({"x": "y" * 1_000_001})
    writer.error(ValueError("z"), "t" * 2_000_000)
    assert all(len(line) < 1_000_000 for line in path.read_bytes().splitlines()) and len(read(path)) == 2


def test_odd_text_stays_one_valid_line(path):
    EventWriter(path).message("line\nbreak \u2028 \ud800 \x00 é")
    assert len(path.read_bytes().splitlines()) == 1
    assert "é" in json.loads(path.read_bytes())["text"]
