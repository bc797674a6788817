"""The folder in which the command of a run works: the batch's code, and what the command writes beside it."""

import os
import shutil
import stat
from pathlib import Path

COPIED_BYTES = 65536  # larger files of the code are linked, so that a thousand runs do not fill the disk
WORK = "work"


def folder_of(run_folder, source, frozen):
    return Path(run_folder) / WORK if frozen else Path(source)


class WorkFolder:
    """`work/` of the run folder, filled with the frozen code; or the source folder itself where nothing is frozen."""

    def __init__(self, run_folder, source, frozen, inside):
        self.frozen = frozen
        self.root = folder_of(run_folder, source, frozen)
        self.folder = self.root / inside
        self.placed = {}  # path -> what was put there, to be taken away again
        if frozen:
            self.root.mkdir(exist_ok=True)
            self.place(Path(source))
            self.folder.mkdir(parents=True, exist_ok=True)

    def place(self, source):
        """Small files are copied: a program that writes to them or looks for its neighbours finds its own."""
        for folder, names, files in os.walk(source):
            here = self.root / os.path.relpath(folder, source)
            here.mkdir(exist_ok=True)
            for name in [*names, *files]:
                original, path = Path(folder) / name, here / name
                if original.is_symlink():
                    path.symlink_to(os.readlink(original))
                elif name in files and original.stat().st_size > COPIED_BYTES:
                    path.symlink_to(original)
                elif name in files:
                    shutil.copyfile(original, path)
                    executable = original.stat().st_mode & stat.S_IXUSR
                    path.chmod(0o755 if executable else 0o644)
                else:
                    continue
                self.placed[path] = stamp(path)

    def clear(self):
        """Takes away the code that the run did not touch, so that what is left is what it wrote."""
        for path, before in self.placed.items():
            if stamp(path) == before:
                path.unlink()
        for folder, _, _ in os.walk(self.root, topdown=False) if self.frozen else ():
            if Path(folder) != self.root and not os.listdir(folder):
                os.rmdir(folder)

    # ---- checkpoints

    def newest(self, pattern, before):
        """The newest file or folder that fits the glob and was last written before that time, or None."""
        found = [(modified(path), path) for path in self.folder.glob(pattern)]
        fitting = [(when, path) for when, path in found if when is not None and when <= before]
        return max(fitting)[1] if fitting else None

    def relative(self, path):
        return path.relative_to(self.folder)


def stamp(path):
    try:
        facts = os.lstat(path)
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def modified(path):
    """When a file was last written, in Unix seconds; of a folder, the newest thing in it. None = empty or gone."""
    try:
        if path.is_dir():
            return max((modified(one) or 0 for one in path.iterdir()), default=None)
        facts = path.stat()
        return facts.st_mtime if facts.st_size else None
    except OSError:
        return None


class Holder:
    """Takes hold of checkpoints by hard links, because they are large. A file that is written over in its place is
    copied from then on: a link would be written over with it, and a kill in that moment would leave nothing whole."""

    def __init__(self):
        self.linked = set()  # device and number of every file that was linked

    def hold(self, source, target):
        """Raises FileNotFoundError where the source changes meanwhile."""
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            target.mkdir(exist_ok=True)
            for one in source.iterdir():
                self.hold(one, target / one.name)
            return
        before = stamp(source)
        facts = source.stat()
        mark = facts.st_dev, facts.st_ino
        if mark in self.linked or not linked(source, target):
            shutil.copy2(source, target)
        else:
            self.linked.add(mark)
        if stamp(source) != before:
            raise FileNotFoundError("%s was written while it was held." % source)


def linked(source, target):
    """Whether a hard link could be made; not every file system has them."""
    try:
        os.link(source, target)
    except OSError:
        return False
    return True


def copy_tree(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        target.mkdir(exist_ok=True)
        for one in source.iterdir():
            copy_tree(one, target / one.name)
        return
    target.unlink(missing_ok=True)  # a link to the frozen code must not be written through
    shutil.copy2(source, target)
