"""How large the error of a layer is at each fixed-point scale, and what each scale costs."""

import math
import time

import torch

from fixed_point import FixedPoint

TOGETHER = 8  # inputs computed at a time: the integers of one operation stay in a processor's cache

class Study:
    """`module` in evaluation mode, its `inputs` [n, ...], and for a network the true `classes` [n]."""

    def __init__(self, module, inputs, classes=None):
        self.module, self.inputs, self.classes = module, inputs, classes
        with torch.no_grad():
            self.expected = module.double()(inputs.double())
        module.float()

    @torch.no_grad()
    def row(self, scale, tolerance):
        """One result row: errors in per cent, ranges, and the cost proxy."""
        fixed = FixedPoint(scale)
        found = self.computed(fixed)
        error = (found - self.expected).abs()
        largest = 100 * float(error.max() / self.expected.abs().max())
        row = {
            "scale": scale,
            "maxErrorPercent": significant(largest),
            "l2ErrorPercent": significant(100 * float(error.norm() / self.expected.norm())),
            "withinTolerance": largest <= tolerance,
            "integerLow": int(fixed.low),
            "integerHigh": int(fixed.high),
            "integerBits": fixed.integer_bits,
            "accumulatorBits": fixed.accumulator_bits,
            **cost(fixed, len(self.inputs)),
        }
        if self.classes is not None:
            row["fixedAccuracy"] = self.accuracy(found)
        return row

    def computed(self, fixed):
        return torch.cat([fixed.run(self.module, part) for part in self.inputs.split(TOGETHER)])

    def accuracy(self, outputs):
        return round(float((outputs.argmax(1) == self.classes).double().mean()), 6)

    @property
    def float_accuracy(self):
        return None if self.classes is None else self.accuracy(self.expected)

    @torch.no_grad()
    def latency(self, scale, runs):
        """Seconds of one pass over all inputs, `runs` times each: in float32 and in integers."""
        return {
            "float": [timed(lambda: self.module(self.inputs)) for _ in range(runs)],
            "fixed": [timed(lambda: self.computed(FixedPoint(scale))) for _ in range(runs)],
        }


def cost(fixed, inputs):
    """A stand-in for the size of a circuit for one input; no circuit is built and nothing is proved.

    Rows: one for each multiply-accumulate, look-up and rescaling, or the largest look-up table if that is longer.
    """
    operations = {
        "multiplications": fixed.multiplications // inputs,
        "lookups": fixed.lookups // inputs,
        "rescales": fixed.rescales // inputs,
    }
    rows = max(sum(operations.values()), fixed.table, 1)
    return {**operations, "tableRows": fixed.table, "proxyRows": rows, "proxyLogRows": math.ceil(math.log2(rows))}


def minimum_scale(rows):
    """The smallest scale studied whose error is within the tolerance, or None."""
    return min((row["scale"] for row in rows if row["withinTolerance"]), default=None)


def spread(seconds):
    mean = sum(seconds) / len(seconds)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in seconds) / len(seconds))
    return {"mean": mean, "std": deviation, "min": min(seconds), "max": max(seconds)}


def significant(value):
    """Six significant digits: the last bits of a float differ between machines."""
    return float(f"{value:.6g}")


def timed(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
