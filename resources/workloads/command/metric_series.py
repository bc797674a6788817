"""The metrics of a run: what the curves show, and what is left of them for the result."""

import json
import math


class MetricSeries:
    """Takes points from every source, passes them on, and keeps one value a step for the result."""

    def __init__(self, emit):
        self.emit = emit  # called with (step, {name: value})
        self.values = {}  # name -> {step: value}, in the order in which names were seen
        self.earlier = []  # points of an interrupted attempt, until it is clear where this one goes on

    def carry_over(self, points):
        """Points [(step, {name: value})] of the attempt that is continued: those before the first new one count."""
        self.earlier = sorted(points, key=lambda point: point[0])

    def add(self, values, step=None):
        """`values`: numbers by name. Without a step the points of each name are counted."""
        numbers = {name: float(value) for name, value in values.items()}
        if not numbers:
            return
        if step is None:
            counted = self.values.get(next(iter(numbers)), {})
            step = (max(counted) + 1) if counted else len({at for at, old in self.earlier if next(iter(numbers)) in old})
        self.release(step)
        self.record(step, numbers)

    def release(self, before=math.inf):
        earlier, self.earlier = self.earlier, []
        for step, values in earlier:
            if step < before:
                self.record(step, values)

    def record(self, step, numbers):
        fresh = {name: value for name, value in numbers.items() if not same(self.values.get(name, {}).get(step), value)}
        for name, value in fresh.items():
            self.values.setdefault(name, {})[step] = value
        if fresh:
            self.emit(step, fresh)

    def summary(self, name):
        """{"last", "min", "max", "step", "points"}; min and max leave out what is not finite."""
        series = self.values[name]
        finite = [value for value in series.values() if math.isfinite(value)]
        return {
            "last": series[max(series)],
            "min": min(finite, default=math.nan),
            "max": max(finite, default=math.nan),
            "step": max(series),
            "points": len(series),
        }


def same(old, new):
    return old is not None and (old == new or (math.isnan(old) and math.isnan(new)))


def read_points(path):
    """The metric events of another attempt. Lines that are torn or not ours are left out."""
    points = []
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    event = json.loads(line)
                    if event["kind"] == "metric":
                        points.append((event["step"], {name: float(value) for name, value in event["values"].items()}))
                except (ValueError, KeyError, TypeError):
                    continue
    except FileNotFoundError:
        pass
    return points
