"""Metrics of a training script, for Minibatch to show.

    from minibatch import log
    log(step=100, loss=0.25)
    log({"accuracy/validation": 0.9}, step=100)

One file, standard library only. Without Minibatch nothing happens: the script runs as before. A copy of this file beside
the script lets it run where Minibatch is not installed.
"""

import json
import math
import os
import threading

_lock = threading.Lock()
_counts = {}


def log(values=None, step=None, **named):
    """Records numbers by name. Without a step the calls are counted. Tensors and NumPy scalars of one element will do."""
    numbers = {}
    for name, value in {**(values or {}), **named}.items():
        number = float(value.item() if hasattr(value, "item") else value)
        numbers[str(name)] = number if math.isfinite(number) else str(number)
    if not numbers:
        return
    if step is None:
        first = next(iter(numbers))
        step = _counts.get(first, 0)
        _counts[first] = step + 1
    _write({"step": int(step), "values": numbers})


def progress(done, total):
    """How far the script is, in any unit."""
    _write({"done": float(done), "total": float(total)})


def running():
    """Whether Minibatch runs this script."""
    return bool(os.environ.get("MINIBATCH_LOG"))


def _write(entry):
    path = os.environ.get("MINIBATCH_LOG")
    if not path:
        return
    line = json.dumps(entry).encode() + b"\n"
    try:
        with _lock:
            # Opened for each line, so that a child process never inherits half of one.
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(descriptor, line)
            finally:
                os.close(descriptor)
    except OSError:
        pass  # a full disk must not end a training
