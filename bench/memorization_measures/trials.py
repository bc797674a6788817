"""The same trials three ways: stacked, in process one at a time, and as two fresh processes each."""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import torch
from training import build, start_from, train

from architectures import trials_for
from chunks import plan_chunks, state_budget
from network import initial_row, layout_of, seed_of
from scenarios import DataSpec
from stacked_training import Recipe
from study import Settings, Study

COUNTS = (1, 2, 5, 10, 100)
TARGET = 200
ORIGINAL = Path(__file__).resolve().parent.parent / "memorization_original"


class Comparison:
    def __init__(self, hidden, folder):
        self.hidden, self.folder, self.recipe = hidden, folder, Recipe()
        settings = Settings(hidden, COUNTS, TARGET, "summary", "global", DataSpec(42, 1000, 100), self.recipe, 0)
        self.study = Study(settings, 1, folder)
        self.study.search()
        self.data = folder / "data.npz"
        np.savez(self.data, inputs=self.study.inputs, gains=self.study.data.gains)

    def measure(self, samples):
        """Median seconds of one trial for each way and N. The ways take turns, so that all see the same machine."""
        rows = []
        # What a process does only once (kernels, thread pools) is no part of a trial.
        self.stacked(self.chunks(100)[-1])
        self.in_process(1, 0)
        for count in COUNTS:
            trials = trials_for(TARGET, count)
            found = {"stacked": [], "inProcess": [], "processes": []}
            chunks = self.chunks(count)
            for turn in range(min(trials, samples)):
                # Trials from the whole range, and the chunk each of them is in.
                trial = turn * trials // samples
                chunk = next(chunk for chunk in chunks if chunk.first <= trial <= chunk.last)
                found["stacked"].append(self.stacked(chunk))
                found["inProcess"].append(self.in_process(count, trial))
                found["processes"].append(self.two_processes(count, trial))
            medians = {way: statistics.median(values) for way, values in found.items()}
            rows.append({"n": count, "trials": trials, "samples": len(found["stacked"]), **medians})
        return rows

    def chunks(self, count):
        def width(number):
            return layout_of(self.hidden, "summary", number).width

        return plan_chunks([count], TARGET, width, state_budget("cpu"))

    def stacked(self, chunk):
        """A whole chunk with its evaluation, as a run does it, divided by its trials."""
        began = time.perf_counter()
        training, samples = self.study.prepare(chunk)
        self.study.rows(chunk, samples, training.train())
        return (time.perf_counter() - began) / len(chunk.trials)

    def initial(self, count, trial):
        """Weights [outputs, inputs] of the very network that the stack trains."""
        layout = layout_of(self.hidden, "summary", count)
        row = initial_row(layout, seed_of(self.study.seed, "weights", count, trial))
        blocks = [layer.weight for layer in layout.layers]
        return [row[block.offset :][: block.rows * block.columns].reshape(block.rows, block.columns).T for block in blocks], layout.batch_norm

    def recipe_of(self):
        recipe = self.recipe
        return {
            "epochs": recipe.epochs, "learning_rate": recipe.learning_rate, "batch_size": recipe.batch_size,
            "patience": recipe.patience, "min_delta": recipe.min_delta,
        }  # fmt: skip

    def in_process(self, count, trial):
        began = time.perf_counter()
        samples = self.study.samples_of(count, trial)
        weights, batch_norm = self.initial(count, trial)
        inputs, gains = torch.from_numpy(self.study.inputs[samples]), torch.from_numpy(self.study.data.gains[samples]).float()
        model = build(self.hidden, inputs.shape[1], gains.shape[1], batch_norm)
        start_from(model, weights)
        train(model, inputs, gains, self.recipe_of())
        return time.perf_counter() - began

    def two_processes(self, count, trial):
        folder = self.folder / f"trial-{count}-{trial}-{len(self.hidden)}-{self.hidden[0]}"
        folder.mkdir(exist_ok=True)
        weights, batch_norm = self.initial(count, trial)
        np.savez(folder / "weights.npz", *weights)
        (folder / "trial.json").write_text(
            json.dumps(
                {
                    "data": str(self.data), "samples": self.study.samples_of(count, trial).tolist(), "hidden": self.hidden,
                    "batch_norm": batch_norm, "recipe": self.recipe_of(),
                }
            )
        )  # fmt: skip
        began = time.perf_counter()
        for script in ("train_trial.py", "validate_trial.py"):
            subprocess.run([sys.executable, str(ORIGINAL / script), str(folder)], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - began
