"""Metrics and progress out of what a command prints: regular expressions, JSON lines, tqdm's bars."""

import codecs
import json
import re

from metric_series import MetricSeries

LINE_END = re.compile(r"\r\n|\r|\n")
ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
TQDM = re.compile(r"(?P<done>\d+(?:\.\d+)?)(?P<k>[kM]?)/(?P<total>\d+(?:\.\d+)?)(?P<K>[kM]?)\s*\[\d+:\d\d")
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?$")
SCALE = {"": 1, "k": 1e3, "M": 1e6}
STEPS = ("step", "global_step", "iteration", "iter", "epoch")
LONGEST_LINE = 65536  # characters; a longer line is text, not a metric


class OutputMetrics:
    """`feed` takes bytes as they come; a carriage return ends a line as a line feed does."""

    def __init__(self, spec, series, progress):
        self.series = series
        self.progress = progress  # called with (done, total)
        self.patterns = [re.compile(pattern) for pattern in spec["patterns"]]
        self.json_lines = spec["jsonLines"]
        self.step_name = spec.get("step")
        self.own_progress = re.compile(spec["progress"]) if spec.get("progress") else None
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pieces = []  # of the line that has not ended yet
        self.length = 0
        self.previous = ""  # the line before, because a bar may be redrawn as it was

    def feed(self, data, final=False):
        head, *lines = LINE_END.split(self.decoder.decode(data, final))
        self.hold(head)
        for line in lines:
            self.end_line()
            self.hold(line)
        if final:
            self.end_line()

    def hold(self, piece):
        """Each piece is looked through once, so that an endless line costs no more than many short ones."""
        self.length += len(piece)
        if self.length <= LONGEST_LINE:
            self.pieces.append(piece)

    def end_line(self):
        if 0 < self.length <= LONGEST_LINE:
            self.take(ANSI.sub("", "".join(self.pieces)))
        self.pieces, self.length = [], 0

    def take(self, line):
        position = self.find_progress(line)
        for pattern in self.patterns:
            for match in pattern.finditer(line):
                self.take_match(match, position)
        if self.json_lines:
            self.take_json(line.strip())
        self.previous = line

    def find_progress(self, line):
        """Step of a bar in this line, or None."""
        match = (self.own_progress or TQDM).search(line)
        if not match:
            return None
        groups = match.groupdict()
        try:
            done = float(groups["done"]) * SCALE[groups.get("k") or ""]
            total = float(groups["total"]) * SCALE[groups.get("K") or ""]
        except (KeyError, TypeError, ValueError):
            return None
        self.progress(done, total)
        return int(done)

    def take_match(self, match, position):
        groups = {name: text for name, text in match.groupdict().items() if text is not None}
        if "name" in groups and "value" in groups:
            groups = {groups.pop("name"): groups.pop("value"), **groups}
        step = self.take_step(groups)
        values = {name.replace("__", "/"): number(text) for name, text in groups.items()}
        values = {name: value for name, value in values.items() if value is not None}
        if step is None and position is not None:
            step = position
        if step is None and match.string == self.previous:
            return
        self.series.add(values, step)

    def take_step(self, groups):
        for name in ([self.step_name] if self.step_name else STEPS):
            if name in groups:
                found = number(str(groups.pop(name)))
                return None if found is None else whole(found)
        return None

    def take_json(self, line):
        if not (line.startswith("{") and line.endswith("}")):
            return
        try:
            found = json.loads(line)
        except ValueError:
            return
        fields = dict(flatten(found))
        step = self.take_step(fields)
        values = {name: number(str(value)) for name, value in fields.items() if not isinstance(value, bool)}
        self.series.add({name: value for name, value in values.items() if value is not None}, step)


def flatten(value, prefix=""):
    for name, item in value.items():
        if isinstance(item, dict):
            yield from flatten(item, prefix + str(name) + "/")
        elif isinstance(item, (int, float, str)):
            yield prefix + str(name), item


def number(text):
    """The number in a text, None = it is none. Percent signs and thousands commas are people's."""
    text = text.strip().rstrip("%")
    if THOUSANDS.match(text):
        text = text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        return None


def whole(value):
    return int(value) if value == int(value) else value


def last_bar(path):
    """The bytes of a bar at the end of a log that was drawn whole, and not drawn anew before the run was killed."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, file.seek(0, 2) - LONGEST_LINE))
            tail = file.read()
    except FileNotFoundError:
        return b""
    line = tail[max(tail.rfind(b"\r"), tail.rfind(b"\n")) + 1:]
    return line if line.rstrip().endswith(b"]") else b""


def with_last_bar(points, spec, bar):
    """Points [(step, {name: value})] of an attempt, and those of its last bar, which it had no time to record."""
    found = []
    series = MetricSeries(lambda step, values: found.append((step, values)))
    series.carry_over(points)
    OutputMetrics(spec, series, lambda done, total: None).feed(bar, final=True)
    series.release()
    return found
