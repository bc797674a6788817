"""Files that were written outside the folder of a run while it went.

This is a look at what changed, not a wall: places nobody thought of are not looked at, and who wrote a file cannot be told.
"""

import os
import time
from collections import deque
from pathlib import Path

NAMED = 5  # in a sentence
MOST_FOUND = 100
# A short run shall not wait for a look through a large folder: these seconds, and a share of its own time.
LEAST_SECONDS, SHARE, MOST_SECONDS = 0.02, 0.01, 0.5
# What the app itself writes, or asks for, beside the runs of a batch.
OF_THE_APP = {"batch.json", "journal.jsonl", "code.diff", "exports"}
OF_A_WORKSPACE = {"batches", "backups", "trash", "exports"}
NO_RESULT = {"__pycache__", "node_modules", "venv", "site-packages"}
# What people go on editing while a batch runs.
SOURCES = {".py", ".pyc", ".pyi", ".ipynb", ".sh", ".r", ".jl", ".c", ".cc", ".cpp", ".h", ".hpp", ".cu", ".rs", ".go", ".js", ".ts", ".lua",
           ".m", ".md", ".rst", ".tex", ".toml", ".ini", ".cfg", ".yaml", ".yml"}


class WroteOutside(Exception):
    """The suite refuses it; the text is a sentence for people."""


class OutsideWatch:
    """Made before the command starts. `origin`: where the frozen code was copied from, None = it runs there."""

    def __init__(self, run_folder, origin):
        parents = Path(run_folder).parents
        self.own, self.runs, self.batch = str(parents[0]), str(parents[1]), str(parents[2])
        self.name = parents[0].name
        self.origin = origin
        self.since = clock_of(run_folder)
        self.began = time.monotonic()

    def look(self, patient=False):
        """Paths that were written since, within a bound of time unless `patient`."""
        took = time.monotonic() - self.began
        deadline = None if patient else time.monotonic() + min(MOST_SECONDS, LEAST_SECONDS + SHARE * took)
        found = []
        places = ([(self.origin, self.is_of_origin)] if self.origin else []) + [(self.batch, self.is_of_batch)]
        for root, belongs in places:
            for path in files_since(root, self.since, belongs, deadline):
                found.append(path)
                if len(found) == MOST_FOUND:
                    return found
        return found

    def is_of_batch(self, entry, parent):
        """All of the batch but its runs, which are written to all the time."""
        if parent == self.runs and entry.is_dir(follow_symlinks=False):  # first: there may be thousands
            return entry.name == self.name
        if entry.name.startswith(".") or (parent == self.batch and entry.name in OF_THE_APP):
            return False
        return not (parent == self.own and entry.name.startswith("attempt-") and entry.is_dir(follow_symlinks=False))

    def is_of_origin(self, entry, parent):
        """All of the folder but what is hidden, sources, environments and the workspace."""
        if entry.name.startswith(".") or entry.name in NO_RESULT:
            return False
        if entry.is_dir(follow_symlinks=False):
            in_workspace = entry.name in OF_A_WORKSPACE and os.path.isdir(os.path.join(parent, ".minibatch"))
            return not in_workspace and not os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))
        return os.path.splitext(entry.name)[1].lower() not in SOURCES


def sentence_about(paths):
    shown = [str(path) for path in paths[:NAMED]]
    more = len(paths) - len(shown)
    if more:
        shown.append("%s%d more" % ("at least " if len(paths) == MOST_FOUND else "", more))
    names = shown[0] if len(shown) == 1 else "%s and %s" % (", ".join(shown[:-1]), shown[-1])
    return ("While the command ran, %s written outside its folder, by it or by something else: %s."
            " All runs share such files; a relative path stays in the run's own folder." % (
                "a file was" if len(paths) == 1 else "files were", names))


def files_since(root, since, belongs, deadline):
    """Files below the root that were written since, near ones first. Folders that cannot be read are passed over."""
    open_folders = deque([str(root)])
    while open_folders:
        folder = open_folders.popleft()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            if deadline is not None and time.monotonic() > deadline:
                return
            try:
                if not belongs(entry, folder):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    open_folders.append(entry.path)
                elif entry.stat(follow_symlinks=False).st_mtime >= since:
                    yield Path(entry.path)
            except OSError:
                continue  # it went away


def clock_of(folder):
    """Now, as the file system stamps it: its clock may lag behind the computer's."""
    os.utime(folder)
    return os.stat(folder).st_mtime
