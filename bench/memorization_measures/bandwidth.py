"""How close a training step comes to the time that memory alone would take.

Times are processor time of the one thread, so that another program taking turns on the core is not counted.
"""

import statistics
import time

import numpy as np
import torch

from architectures import trials_for
from awake import AwakeUnits
from chunks import plan_chunks, state_budget
from describe import expected_epochs
from network import initial_row, layout_of, seed_of
from scenarios import DataSpec, generate_gains, normalizer
from stacked_training import Recipe, StackedTraining

COUNTS = (1, 2, 5, 10, 100)
BYTES_PER_PARAMETER = 32
# Floats in each of the three arrays: 256 MB, far beyond any cache.
TRIAD_FLOATS = 64 << 20
WARM_UP_EPOCHS = 4


class Triad:
    """a = b + 2 c over arrays beyond the caches; bytes counted as two reads and one write."""

    def __init__(self):
        self.arrays = [torch.ones(TRIAD_FLOATS) for _ in range(3)]

    def bytes_per_second(self):
        target, left, right = self.arrays
        began = time.process_time()
        torch.add(left, right, alpha=2.0, out=target)
        return 12 * TRIAD_FLOATS / (time.process_time() - began)


def training_of(hidden, count, networks):
    spec = DataSpec(42, 1000, 1)
    gains = generate_gains(spec, spec.scenarios, 0)
    layout = layout_of(hidden, "summary", count)
    samples = np.stack([np.random.default_rng(trial).choice(len(gains), count, replace=False) for trial in range(networks)])
    initial = np.stack([initial_row(layout, seed_of("bench", trial)) for trial in range(networks)])
    inputs = normalizer(gains, "summary", "global")(gains)[samples]
    units = AwakeUnits(layout, initial, inputs, lambda first: layout_of((first, *hidden[1:]), "summary", count))
    return StackedTraining(units.layout, Recipe(), units.reduce(), inputs, gains[samples]), layout.width


def measure_bandwidth(hidden, epochs):
    """{"hidden", "bandwidth" in bytes/s, "byN" and "ratio" of the whole run}. Triad and steps take turns.

    The floor moves the whole network. `trainedByN` and `trainedRatio` are stricter: there it moves only the units
    that the training keeps, because the others cannot learn.
    """
    triad, budget, recipe = Triad(), state_budget("cpu"), Recipe()
    triad.bytes_per_second()
    by_count, trained_by_count, speeds = {}, {}, []
    spent, floor, trained_floor = 0.0, 0.0, 0.0
    for count in COUNTS:
        (chunk, *_) = plan_chunks([count], 200, lambda number: layout_of(hidden, "summary", number).width, budget)
        networks = len(chunk.trials)
        training, width = training_of(hidden, count, networks)
        steps, here = [], []
        for epoch in range(1, WARM_UP_EPOCHS + epochs + 1):
            if epoch % 10 == 0 or epochs < 10:
                here.append(triad.bytes_per_second())
                training.epoch(epoch)  # the triad has emptied the caches; a run never does
                continue
            began = time.process_time()
            training.epoch(epoch)
            if epoch > WARM_UP_EPOCHS:
                steps.append((time.process_time() - began) / (networks * len(training.passes)))
        speed = statistics.median(here)
        step, least = statistics.median(steps), width * BYTES_PER_PARAMETER / speed
        trained = training.params.shape[1] * BYTES_PER_PARAMETER / speed
        by_count[count], trained_by_count[count] = step / least, step / trained
        weight = trials_for(200, count) * expected_epochs(count, recipe.epochs, recipe.patience) * len(training.passes)
        spent, floor, trained_floor = spent + step * weight, floor + least * weight, trained_floor + trained * weight
        speeds += here
    return {
        "hidden": list(hidden),
        "bandwidth": statistics.median(speeds),
        "byN": by_count,
        "ratio": spent / floor,
        "trainedByN": trained_by_count,
        "trainedRatio": spent / trained_floor,
    }
