import math
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import ROOT
from metric_files import CsvFile, EventFolder, LogCalls
from metric_series import MetricSeries
from output_metrics import OutputMetrics, last_bar, with_last_bar
from tfevents import DamagedFile, EventFile, crc32c, masked

SPEC = {"patterns": [], "jsonLines": False, "csv": [], "tensorboard": []}


def output(series, **spec):
    seen = []
    return OutputMetrics({**SPEC, **spec}, series, lambda done, total: seen.append((done, total))), seen


# ---- output


def test_groups_of_a_pattern_are_metrics_and_count_steps(series):
    reader, _ = output(series, patterns=[r"step (?P<step>\d+).*?loss (?P<loss>\S+), (?P<val__acc>[\d.]+)%"])
    reader.feed(b"step 1: loss 0.5, 10.5%\nstep 2: lo")
    reader.feed(b"ss 0.25, 20%\nsomething else\nstep 3: loss nan, 30%\n")
    assert series.emitted[:2] == [(1, {"loss": 0.5, "val/acc": 10.5}), (2, {"loss": 0.25, "val/acc": 20.0})]
    assert series.emitted[2][0] == 3 and math.isnan(series.emitted[2][1]["loss"])


def test_name_and_value_groups_make_a_metric_of_any_name(series):
    reader, _ = output(series, patterns=[r"(?P<name>\w+)=(?P<value>[-\d.e]+)"])
    reader.feed(b"a=1 b=2e-3\n")
    assert series.emitted == [(0, {"a": 1.0}), (0, {"b": 0.002})]


def test_a_bar_that_is_redrawn_gives_progress_and_a_point_a_step(series):
    reader, seen = output(series, patterns=[r"loss=(?P<loss>[\d.]+)"])
    for done in (1, 1, 2, 3):
        reader.feed(b"\r\x1b[32m %d%%|##   | %d/3 [00:01<00:02, 2.0it/s, loss=%.2f]\x1b[0m" % (33 * done, done, 1 / done))
    reader.feed(b"\n", final=True)
    assert seen == [(1, 3), (1, 3), (2, 3), (3, 3)]
    assert series.emitted == [(1, {"loss": 1.0}), (2, {"loss": 0.5}), (3, {"loss": 0.33})]


def test_a_bar_with_thousands_and_one_of_ones_own(series):
    reader, seen = output(series)
    reader.feed(b"  5%|# | 1.50k/30.0k [00:01<00:20]\n")
    own, own_seen = output(series, progress=r"Epoch (?P<done>\d+) of (?P<total>\d+)")
    own.feed(b"Epoch 3 of 9\n")
    assert seen == [(1500, 30000)] and own_seen == [(3, 9)]


def test_json_lines_are_metrics_only_where_asked_for(series):
    line = b'{"step": 7, "loss": 0.5, "eval": {"acc": 1}, "ok": true, "text": "a"}\n'
    output(series)[0].feed(line)
    assert series.emitted == []
    output(series, jsonLines=True)[0].feed(line + b'{"kind": "result", broken\n[1]\n')
    assert series.emitted == [(7, {"loss": 0.5, "eval/acc": 1.0})]


def test_endless_lines_and_bytes_that_are_no_text_do_no_harm(series):
    reader, _ = output(series, patterns=[r"loss (?P<loss>\S+)"])
    reader.feed(b"x" * 500_000 + b"loss 1")
    reader.feed(b"\xff\xfe\nloss 2\n")
    assert series.emitted == [(0, {"loss": 2.0})]


def test_an_endless_line_costs_no_more_than_many_short_ones(series):
    reader, _ = output(series, patterns=[r"loss (?P<loss>\S+)"])
    piece = b"x" * 4096  # what a terminal gives at once
    began = time.process_time()
    for _ in range(5000):
        reader.feed(piece)
    reader.feed(b"\nloss 2\n")
    assert time.process_time() - began < 1
    assert series.emitted == [(0, {"loss": 2.0})]


# ---- series


def test_points_of_an_interrupted_attempt_count_up_to_where_this_one_goes_on(series):
    series.carry_over([(step, {"loss": 10.0 - step}) for step in range(6)])
    series.add({"loss": 1.0}, 4)
    series.add({"loss": 2.0}, 5)
    assert [step for step, _ in series.emitted] == [0, 1, 2, 3, 4, 5]
    assert series.summary("loss") == {"last": 2.0, "min": 1.0, "max": 10.0, "step": 5, "points": 6}


def test_a_continued_run_that_counts_its_steps_counts_on(series):
    series.carry_over([(0, {"loss": 3.0}), (1, {"loss": 2.0})])
    series.add({"loss": 1.0})
    assert series.emitted == [(0, {"loss": 3.0}), (1, {"loss": 2.0}), (2, {"loss": 1.0})]


@pytest.mark.parametrize(
    "end, points",
    [
        ("\r100%|##| 40/40 [00:01<00:00, 20.00it/s, loss=0.25]", [(39, {"loss": 0.5}), (40, {"loss": 0.25})]),
        ("\r100%|##| 40/40 [00:01<00:00, 20.00it/s, loss=0.2", [(39, {"loss": 0.5})]),  # torn: who knows the number
        ("\r100%|##| 40/40 [00:01<00:00, 20.00it/s, loss=0.25]\r\ndone\r\n", [(39, {"loss": 0.5})]),  # that line was recorded
    ],
)
def test_the_bar_that_was_drawn_last_counts_though_the_run_was_killed(tmp_path, end, points):
    log = tmp_path / "output.log"
    log.write_text("begin\r\n\r 98%|# | 39/40 [00:01<00:00, 20.00it/s, loss=0.5]" + end)
    spec = {**SPEC, "patterns": [r"loss=(?P<loss>[\d.]+)"]}
    assert with_last_bar([(39, {"loss": 0.5})], spec, last_bar(log)) == points
    assert with_last_bar([(39, {"loss": 0.5})], spec, last_bar(tmp_path / "none")) == [(39, {"loss": 0.5})]


# ---- files


def test_a_csv_file_is_read_as_it_grows_and_when_it_begins_again(series, tmp_path):
    path = tmp_path / "log.csv"
    reader = CsvFile(path, series)
    reader.poll()
    path.write_text("epoch,loss,note\n0,0.5,a\n1,0.2")
    reader.poll()
    assert series.emitted == [(0, {"loss": 0.5})]
    with path.open("a") as file:
        file.write("5,b\nepoch,loss,note\n2,1e-3,c\n")
    reader.poll()
    assert series.emitted[1:] == [(1, {"loss": 0.25}), (2, {"loss": 0.001})]
    path.write_text("iter;mse\n9;0,5\n")
    reader.poll(final=True)
    assert series.emitted[-1] == (9, {"mse": 0.5})


def test_log_calls_reach_the_app_and_are_silent_without_it(series, tmp_path):
    code = "from minibatch import log, progress\nlog(loss=0.5)\nlog({'a/b': float('nan')}, step=3)\nprogress(1, 4)\nprint('fine')"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "resources" / "python" / "script")}
    environment.pop("MINIBATCH_LOG", None)
    for log in (None, str(tmp_path / "log.jsonl"), "/nowhere/log.jsonl"):
        result = subprocess.run([sys.executable, "-c", code], env={**environment, **({"MINIBATCH_LOG": log} if log else {})},
                                capture_output=True, text=True, cwd=tmp_path, check=True)
        assert (result.stdout, result.stderr) == ("fine\n", "")
    seen = []
    (tmp_path / "log.jsonl").open("a").write('{"torn\n{"done": 1, "step": 2}\n')
    LogCalls(tmp_path / "log.jsonl", series, lambda done, total: seen.append((done, total))).poll(final=True)
    assert seen == [(1.0, 4.0)]
    assert series.emitted[0] == (0, {"loss": 0.5})
    assert series.emitted[1][0] == 3 and math.isnan(series.emitted[1][1]["a/b"])


# ---- TensorBoard


def varint(value):
    value &= (1 << 64) - 1
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, wire, data):
    return varint(number << 3 | wire) + (varint(len(data)) + data if wire == 2 else data)


def event(step, tag=None, value=None, tensor=None):
    data = field(1, 1, struct.pack("<d", 1e9)) + field(2, 0, varint(step))
    if tag is None:
        return data + field(3, 2, b"brain.Event:2")
    inner = field(1, 2, tag.encode())
    if tensor is None:
        inner += field(2, 5, struct.pack("<f", value))
    else:
        inner += field(8, 2, field(1, 0, varint(tensor[0])) + field(4, 2, tensor[1])) + field(9, 2, b"metadata")
    return data + field(5, 2, field(1, 2, inner))


def record(data):
    head = struct.pack("<Q", len(data))
    return head + struct.pack("<I", masked(head)) + data + struct.pack("<I", masked(data))


def test_the_checksum_is_crc32c():
    # Check value of the CRC catalogue, and the vectors of RFC 3720, B.4.
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E


def test_scalars_of_event_files_old_and_new(tmp_path):
    path = tmp_path / "events.out.tfevents.1.host"
    path.write_bytes(record(event(0)) + record(event(3, "loss/train", 0.5)) + record(event(-1, "x", -2.0))
                     + record(event(4, "acc", tensor=(1, struct.pack("<f", 0.25)))) + record(event(5, "d", tensor=(2, struct.pack("<d", 0.125))))
                     + record(event(6, "words", tensor=(7, b"hello"))) + record(field(2, 0, varint(9)) + field(4, 2, b"graph" * 20_000)))
    assert EventFile(path).read() == [(3, "loss/train", 0.5), (-1, "x", -2.0), (4, "acc", 0.25), (5, "d", 0.125)]


def test_a_torn_record_is_waited_for_and_a_damaged_one_ends_the_file(series, tmp_path):
    folder = tmp_path / "runs" / "a"
    folder.mkdir(parents=True)
    path = folder / "events.out.tfevents.1"
    whole = record(event(1, "loss", 1.0))
    path.write_bytes(whole + whole[:-3])
    complaints = []
    reader = EventFolder(tmp_path, "runs", series, complaints.append)
    reader.poll()
    assert series.emitted == [(1, {"loss": 1.0})]
    second = record(event(2, "loss", 0.5))
    path.write_bytes(whole + second + bytes([second[0] ^ 1]) + second[1:])
    reader.poll()
    reader.poll()
    assert series.emitted[-1] == (2, {"loss": 0.5}) or complaints
    assert len(complaints) == 1 and "damaged at byte %d" % (2 * len(whole)) in complaints[0]
    with pytest.raises(DamagedFile):
        EventFile(path).read()


def test_infinite_and_missing_values_do_not_spoil_a_summary():
    series = MetricSeries(lambda *_: None)
    series.add({"loss": 1.0}, 0)
    series.add({"loss": math.inf}, 1)
    facts = series.summary("loss")
    assert facts["last"] == math.inf and facts["max"] == 1.0 and facts["min"] == 1.0


def test_the_log_file_is_one_file_of_the_standard_library():
    text = Path(ROOT / "resources/python/script/minibatch.py").read_text()
    modules = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert modules <= set(sys.stdlib_module_names)
