"""A supervisor that takes run after run, each in a process of its own that is forked within milliseconds.

    worker.py --relay <relay folder> --workload <folder>

Writes ready.json, then reads a run folder a line from standard input: one line, one run, the next line when that has
ended. A run that is under way when standard input closes goes on to its end like any other; only then the relay ends.

Only for workloads that import nothing beyond the standard library: a process with threads, or with a framework that has
opened a device, must not be forked, least of all on a Mac. Never run on a Mac.
"""
import gc
import os
import sys
import termios
import threading
from pathlib import Path

from . import supervisor
from .run import write_json

UNFIT = 3  # exit code: this process cannot be forked
FOREIGN = ("torch", "numpy", "objc", "mlx", "tensorflow", "jax")


def take_runs(folder, enter):
    """Serves until standard input ends. `enter(run folder)` does a run's work in its process and must not return."""
    if threading.active_count() > 1 or any(name in sys.modules for name in FOREIGN):
        return UNFIT
    read_plainly()
    supervisor.adopt_orphans()  # its imports are needed by every run, and are shared
    gc.collect()
    gc.freeze()  # what is shared with the forks stays shared
    write_json(Path(folder) / "ready.json", {"pid": os.getpid(), "start": supervisor.start_token(os.getpid()), "seconds": 0})
    while True:
        line = read_line()
        if line is None:
            return 0
        run_one(line, enter)


def run_one(folder, enter):
    supervisor.supervise(lambda one: one.begin_forked(folder, lambda: enter(folder)))


def read_plainly():
    """The lines are no output; and without its own editing a terminal takes lines of any length."""
    if os.isatty(0):
        modes = termios.tcgetattr(0)
        modes[3] &= ~(termios.ECHO | termios.ICANON)
        termios.tcsetattr(0, termios.TCSANOW, modes)


def read_line():
    """One line of standard input, byte by byte: what follows it belongs to the run. None = the end of it."""
    line = b""
    while not line.endswith((b"\n", b"\r")):
        try:
            byte = os.read(0, 1)
        except OSError:
            byte = b""  # Linux says EIO when the other end of a terminal is gone
        if not byte:
            return None
        line += byte
    return os.fsdecode(line[:-1])
