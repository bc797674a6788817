"""Training of many independent networks of one shape at once, with early stopping for each.

Networks never influence each other: a stack of K gives what K trainings one after another give. A network that has
stopped keeps its best parameters and leaves the stack as soon as enough others have stopped too.
"""

from dataclasses import dataclass

import numpy as np
import torch

from adam import Adam
from gradients import Pass
from sum_rate_loss import SumRateLoss, loss_tables

# The rest is copied together once one network in this many has stopped.
COMPACT_SHARE = 8


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. `min_delta` in bit/s/Hz."""

    epochs: int = 1000
    learning_rate: float = 3e-2
    batch_size: int = 64
    patience: int = 300
    min_delta: float = 1e-3
    transposed_loss: bool = False


@dataclass(frozen=True)
class Outcome:
    """Best parameters [K, width]; epochs trained and the epoch of the best loss (from 1), each [K]; best mean rate [K]."""

    params: torch.Tensor
    epochs: np.ndarray
    best_epochs: np.ndarray
    best_rates: np.ndarray


class StackedTraining:
    """`initial` [K, width] numpy, `inputs` [K, N, inputs] float32 numpy, `gains` [K, N, pairs, pairs]."""

    def __init__(self, layout, recipe, initial, inputs, gains, device="cpu"):
        self.layout, self.recipe = layout, recipe
        self.params = torch.from_numpy(initial).to(device)
        self.adam = Adam(self.params, recipe.learning_rate)
        self.best = self.params.clone()
        slope, base = loss_tables(gains, recipe.transposed_loss)
        tables = [torch.from_numpy(array).to(device) for array in (inputs, slope, base)]
        edges = range(0, inputs.shape[1], recipe.batch_size)
        self.batches = [[table[:, edge : edge + recipe.batch_size].contiguous() for table in tables] for edge in edges]
        self.samples = inputs.shape[1]
        count = len(initial)
        self.slots = np.arange(count)  # which trial each network of the stack belongs to
        self.best_loss = np.full(count, np.inf)
        self.best_epochs = np.zeros(count, dtype=np.int64)
        self.epochs = np.zeros(count, dtype=np.int64)
        self.rates = np.zeros(count)  # latest mean training rate of every trial
        self.running = np.ones(count, dtype=bool)  # of the stack's networks
        self.kept = torch.empty_like(self.params)
        # From the rows that were trained to those of the whole networks, both [K, width] numpy.
        self.restore = None
        self.prepare()

    def prepare(self):
        """Buffers and views for the stack as it is now."""
        self.passes = [
            Pass(self.layout, self.params, self.adam, inputs, SumRateLoss(slope, base))
            for inputs, slope, base in self.batches
        ]

    def epoch(self, number):
        """One pass over the samples. False when no network is left to train."""
        last = self.passes[-1]
        total = 0.0
        for batch in self.passes:
            total = total + batch.forward().cpu().numpy().astype(np.float64)
            # The loss belongs to the parameters before this update, so they are looked at (and kept) first.
            if batch is last and not self.look(number, total / self.samples):
                return False
            batch.backward()
            self.adam.update(self.params)
        return True

    def look(self, number, rates):
        """Early stopping. `rates`: mean training rate of each network of the stack in epoch `number` (from 1)."""
        slots, running = self.slots, self.running
        self.rates[slots[running]] = rates[running]
        improved = running & (-rates < self.best_loss[slots] - self.recipe.min_delta)
        if improved.any():
            chosen = slots[improved]
            self.best_loss[chosen] = -rates[improved]
            self.best_epochs[chosen] = number
            if improved.all():
                self.best.copy_(self.params)
            else:
                rows = torch.from_numpy(np.flatnonzero(improved)).to(self.params.device)
                self.best.index_copy_(0, rows, self.params.index_select(0, rows))
        stopping = running & (number - self.best_epochs[slots] >= self.recipe.patience)
        self.epochs[slots[running]] = number
        if stopping.any():
            self.running = running & ~stopping
        return bool(self.running.any())

    def compact(self):
        """Drops stopped networks when they are a fair share of the stack. Call between epochs."""
        stopped = len(self.running) - int(self.running.sum())
        if stopped == 0 or stopped * COMPACT_SHARE < len(self.running):
            return
        device = self.params.device
        gone = torch.from_numpy(np.flatnonzero(~self.running)).to(device)
        self.kept[torch.from_numpy(self.slots[~self.running]).to(device)] = self.best[gone]
        rows = torch.from_numpy(np.flatnonzero(self.running)).to(device)
        self.params, self.best = self.params[rows], self.best[rows]
        self.adam.keep(rows)
        self.batches = [[table[rows] for table in batch] for batch in self.batches]
        self.slots, self.running = self.slots[self.running], np.ones(len(rows), dtype=bool)
        self.prepare()

    def train(self, each_epoch=None):
        """Trains to the end. `each_epoch(number, rates)` sees the latest mean training rate of every trial."""
        for number in range(1, self.recipe.epochs + 1):
            going = self.epoch(number)
            if each_epoch is not None:
                each_epoch(number, self.rates)
            if not going:
                break
            self.compact()
        self.kept[torch.from_numpy(self.slots).to(self.params.device)] = self.best
        if self.restore is not None:
            self.kept = torch.from_numpy(self.restore(self.kept.cpu().numpy())).to(self.params.device)
        return Outcome(self.kept, self.epochs, self.best_epochs, -self.best_loss)
