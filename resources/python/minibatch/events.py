"""The writer of events.jsonl: one JSON object a line, appended with one write each. Format: docs/formats.md."""
import errno
import json
import math
import os
import sys
import time
from pathlib import PurePath

PROGRESS_SECONDS = 0.1
LINE_BYTES = 1_000_000  # a reader skips longer lines
TEXT_CHARACTERS = 100_000
LEVELS = ("info", "warning", "error")


def plain(value):
    """The JSON form of a value: NumPy and torch scalars and arrays as numbers and lists, non-finite numbers as strings."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "tolist"):  # NumPy and torch, scalars included, without importing either
        return plain(value.tolist())
    raise TypeError("A value of type %s cannot be written to a run's files." % type(value).__name__)


def canonical_number(name, value):
    """A finite float, for fields that only make sense as one."""
    number = plain(value)
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise TypeError("%s must be a finite number, not %r." % (name, value))
    return number


class EventWriter:
    """Appends events. `row`, `checkpoint`, `result` and `error` are written or raise OSError; the others give way to
    a full disk, because losing a curve must not end a training."""

    def __init__(self, path, clock=time.monotonic):
        self.clock = clock
        self.lost = 0
        self.pending = None  # a progress event that came too soon after the last one
        self.progress_at = -math.inf
        self.descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        size = os.fstat(self.descriptor).st_size
        self.torn = size > 0 and os.pread(self.descriptor, 1, size - 1) != b"\n"

    def start(self, device, threads, versions):
        self.write("start", device=device, threads=threads, versions=versions)

    def phase(self, text):
        self.write("phase", text=str(text))

    def progress(self, done, total, unit=""):
        """At most ten a second reach the file; the last one always does."""
        fields = {
            "t": time.time(), "kind": "progress", "unit": str(unit),
            "done": canonical_number("done", done), "total": canonical_number("total", total),
        }
        self.pending = fields
        if self.clock() - self.progress_at >= PROGRESS_SECONDS or 0 < fields["total"] <= fields["done"]:
            self.flush()

    def metric(self, step, values):
        """`values` by `group/name`. Metrics do not flush progress: a loop may write both at every step."""
        numbers = {}
        for name, value in values.items():
            number = plain(value)
            if isinstance(number, (list, dict, str, type(None))) and number not in ("NaN", "Infinity", "-Infinity"):
                raise TypeError("The metric '%s' must be one number, not %r." % (name, value))
            numbers[str(name)] = int(number) if isinstance(number, bool) else number
        self.append({"t": time.time(), "kind": "metric", "step": canonical_number("step", step), "values": numbers})

    def row(self, row):
        self.write("row", must=True, row=dict(row))

    def message(self, text, level="info"):
        if level not in LEVELS:
            raise ValueError("A message level is one of %s, not %r." % (", ".join(LEVELS), level))
        self.write("message", level=level, text=str(text)[:TEXT_CHARACTERS])

    def memory(self, allocated=None, driver=None, peak=None):
        """Bytes, None = not known on this device."""
        self.write("memory", allocated=allocated, driver=driver, peak=peak)

    def checkpoint(self, name):
        self.write("checkpoint", must=True, name=str(name))

    def result(self, summary):
        self.write("result", must=True, summary=summary)

    def error(self, error, traceback):
        self.write("error", must=True, **{
            "class": type(error).__name__,
            "text": str(error)[:TEXT_CHARACTERS],
            "traceback": traceback[-TEXT_CHARACTERS:],
        })

    def flush(self):
        if self.pending:
            fields, self.pending = self.pending, None
            self.progress_at = self.clock()
            self.append(fields)

    def sync(self):
        self.flush()
        os.fsync(self.descriptor)

    def close(self):
        if self.descriptor is not None:
            self.flush()
            os.close(self.descriptor)
            self.descriptor = None

    def write(self, kind, must=False, **fields):
        self.flush()
        self.append({"t": time.time(), "kind": kind, **fields}, must)

    def append(self, fields, must=False):
        line = json.dumps(plain(fields), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"
        if len(line) > LINE_BYTES:
            size = (fields["kind"], len(line), LINE_BYTES)
            raise ValueError("An event '%s' of %d bytes is too long; the limit is %d." % size)
        if self.torn:  # ends the torn line, so that it costs itself and not this one
            line = b"\n" + line
        try:
            while line:
                line = line[os.write(self.descriptor, line):]
                self.torn = bool(line)
        except OSError as problem:
            if must or problem.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            self.lost += 1
            if self.lost == 1:
                print("The disk is full: progress and curves are not being saved.", file=sys.stderr)
