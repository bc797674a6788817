"""Metrics out of files that a command writes: its own log calls, CSV, TensorBoard events. Polled while it runs."""

import csv
import io
import json
import os
from pathlib import Path

from output_metrics import STEPS, number, whole
from tfevents import DamagedFile, EventFile

PIECE = 1 << 20  # bytes read at once; the rest comes with the next poll


class GrowingFile:
    """Whole lines of a file as it grows; it may appear late, and be written anew."""

    def __init__(self, path):
        self.path = Path(path)
        self.offset = 0
        self.inode = None

    def lines(self, final=False):
        """(lines, whether the file was begun again). With `final` a last line without its end counts."""
        try:
            with open(self.path, "rb") as file:
                facts = os.fstat(file.fileno())
                again = facts.st_size < self.offset or (self.inode not in (None, facts.st_ino))
                if again:
                    self.offset = 0
                self.inode = facts.st_ino
                file.seek(self.offset)
                data = file.read() if final else file.read(PIECE)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return [], False
        end = len(data) if final else data.rfind(b"\n") + 1
        self.offset += end
        return data[:end].decode("utf-8", "replace").splitlines(), again


class LogCalls:
    """What `minibatch.log` and `minibatch.progress` wrote."""

    def __init__(self, path, series, progress):
        self.file = GrowingFile(path)
        self.series = series
        self.progress = progress

    def poll(self, final=False):
        for line in self.file.lines(final)[0]:
            try:
                entry = json.loads(line)
                if "done" in entry:
                    self.progress(entry["done"], entry["total"])
                else:
                    self.series.add(entry["values"], entry["step"])
            except (ValueError, KeyError, TypeError):
                continue


class CsvFile:
    """A CSV file with a head line. Columns that are numbers are metrics, one of them counts the steps."""

    def __init__(self, path, series, step=None):
        self.file = GrowingFile(path)
        self.series = series
        self.step = step
        self.head = None
        self.delimiter = ","
        self.rows = 0

    def poll(self, final=False):
        lines, again = self.file.lines(final)
        if again:
            self.head, self.rows = None, 0
        for line in lines:
            self.take(line)

    def take(self, line):
        if not line.strip():
            return
        if self.head is None:
            self.delimiter = max(",;\t", key=line.count)
        cells = [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=self.delimiter))]
        if self.head is None or cells == self.head:
            self.head = cells
            return
        if self.delimiter == ";":  # where the comma is the decimal sign
            cells = [cell.replace(",", ".") for cell in cells]
        found = {name: number(cell) for name, cell in zip(self.head, cells) if name}
        names = [self.step] if self.step else STEPS
        column = next((name for name in names if found.get(name) is not None), None)
        step = self.rows if column is None else whole(found.pop(column))
        self.rows += 1
        self.series.add({name: value for name, value in found.items() if value is not None}, step)


SPLITS = {"train", "training", "val", "valid", "validation", "test", "eval", "evaluation"}


def name_of(tag, folder, folders):
    """Several files may use one tag, and only their folders tell what it is of. `folders`: all that have event files.

    `add_scalars("loss", {"a": …})` gives each of its curves a folder `loss_a` (PyTorch) or `loss/a` (tensorboardX) below
    the run's, Keras has folders `train` and `validation`. Other folders are runs, by their date or their settings.
    """
    own = folder.name
    if folder.parent in folders and own.startswith(tag.replace("/", "_") + "_"):
        return "%s/%s" % (tag, own[len(tag) + 1:])
    if any(folder.parent == run / tag for run in folders):
        return "%s/%s" % (tag, own)
    return "%s/%s" % (own, tag) if own.lower() in SPLITS else tag


class EventFolder:
    """Every event file that a folder or a glob leads to."""

    def __init__(self, folder, pattern, series, complain):
        self.folder = Path(folder)
        self.pattern = pattern
        self.series = series
        self.complain = complain
        self.files = {}

    def poll(self, final=False):
        paths = sorted(self.paths())
        folders = {path.parent for path in paths}
        for path in paths:
            reader = self.files.setdefault(path, EventFile(path))
            if reader is None:
                continue
            try:
                for step, tag, value in reader.read():
                    self.series.add({name_of(tag, path.parent, folders): value}, step)
            except DamagedFile as problem:
                self.files[path] = None
                self.complain("%s What follows there is left out." % problem)
            except OSError:
                continue

    def paths(self):
        for path in self.folder.glob(self.pattern):
            if path.is_dir():
                yield from path.rglob("*tfevents*")
            elif "tfevents" in path.name:
                yield path
