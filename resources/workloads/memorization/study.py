"""One experiment: its data, the training of a chunk of trials, and what the trained networks are worth."""

from dataclasses import dataclass

import numpy as np
import torch

from awake import AwakeUnits
from full_search import load_search
from network import decide, initial_row, layout_of, seed_of
from scenarios import DataSpec, load_scenarios, normalizer, sum_rate
from stacked_training import Recipe, StackedTraining
from sum_rate_loss import HIGH_WATT, LOW_WATT


@dataclass(frozen=True)
class Settings:
    """Parameters as `describe.py` writes them."""

    hidden: tuple
    counts: tuple
    target_ratios: int
    features: str
    normalization: str
    data: DataSpec
    recipe: Recipe
    chunk_size: int

    @staticmethod
    def of(parameters):
        return Settings(
            hidden=tuple(parameters["hidden"]),
            counts=tuple(parameters["n"]),
            target_ratios=parameters["targetRatios"],
            features=parameters["features"],
            normalization=parameters["normalization"],
            data=DataSpec(
                seed=parameters["dataSeed"],
                scenarios=parameters["scenarios"],
                unseen=parameters["generalisationScenarios"],
                environment=parameters["environment"],
                area_m=float(parameters["area"]),
            ),
            recipe=Recipe(
                epochs=parameters["epochs"],
                learning_rate=float(parameters["learningRate"]),
                batch_size=parameters["batchSize"],
                patience=parameters["patience"],
                min_delta=float(parameters["minDelta"]),
                transposed_loss=parameters["transposedLoss"],
            ),
            chunk_size=parameters["chunkSize"],
        )


class Study:
    """`seed` decides the initial weights; which scenarios a trial gets follows from the data seed alone, so that
    all architectures of a batch memorize the same ones.
    """

    def __init__(self, settings, seed, cache, device="cpu"):
        self.settings, self.seed, self.cache, self.device = settings, seed, cache, device
        self.data = load_scenarios(settings.data, cache)
        normalize = normalizer(self.data.gains, settings.features, settings.normalization)
        self.inputs, self.unseen_inputs = normalize(self.data.gains), normalize(self.data.unseen)
        self.searched = None

    def search(self):
        """Rates of the full search, training and unseen. Read only when the first networks are trained, so that a
        run on a fresh data set begins to train at once.
        """
        if self.searched is None:
            self.searched = load_search(self.data, self.cache)
        return self.searched

    def layout(self, count):
        return layout_of(self.settings.hidden, self.settings.features, count)

    def samples_of(self, count, trial):
        """Scenarios that a trial memorizes: `count` different indices."""
        random = np.random.default_rng(seed_of(self.settings.data.seed, "samples", count, trial))
        return random.choice(len(self.data.gains), count, replace=False)

    def prepare(self, chunk):
        """The training of a chunk and its sample indices [K, N]."""
        settings, layout = self.settings, self.layout(chunk.count)
        samples = np.stack([self.samples_of(chunk.count, trial) for trial in chunk.trials])
        initial = np.stack([initial_row(layout, seed_of(self.seed, "weights", chunk.count, trial)) for trial in chunk.trials])
        inputs = self.inputs[samples]
        units = AwakeUnits(layout, initial, inputs, lambda first: layout_of((first, *settings.hidden[1:]), settings.features, chunk.count))
        training = StackedTraining(units.layout, settings.recipe, units.reduce(), inputs, self.data.gains[samples], self.device)
        training.restore = units.restore
        return training, samples

    def rows(self, chunk, samples, outcome):
        """One row for each ratio, and the ratios [K, unseen] on the unseen scenarios."""
        rates, unseen_rates = self.search()
        known = self.inputs[samples]
        reached = self.rates(chunk.count, outcome.params, known, known, self.data.gains[samples])
        ratios = reached / rates[samples]
        unseen = self.unseen_ratios(chunk.count, outcome.params, known, unseen_rates)
        rows = []
        for place, trial in enumerate(chunk.trials):
            for position, sample in enumerate(samples[place]):
                row = {
                    "n": chunk.count,
                    "trial": trial,
                    "sample": int(sample),
                    "dnn": round(float(reached[place, position]), 9),
                    "search": round(float(rates[sample]), 9),
                    "ratio": round(float(ratios[place, position]), 9),
                    "epochs": int(outcome.epochs[place]),
                    "bestEpoch": int(outcome.best_epochs[place]),
                }
                if unseen.size:
                    # Each row gets a scenario of its own, so that the column is a spread like that of `ratio`.
                    other = (trial * chunk.count + position) % unseen.shape[1]
                    row |= {"unseen": other, "generalisation": round(float(unseen[place, other]), 9)}
                rows.append(row)
        return rows, unseen

    def rates(self, count, params, inputs, known, gains):
        """Sum-rates in float64 [K, B] of the networks' powers; `known` are their training inputs."""
        tensors = [torch.from_numpy(np.array(array)).to(self.device) for array in (inputs, known)]
        answers = decide(self.layout(count), params, *tensors).cpu().numpy().astype(np.float64)
        return sum_rate(gains, LOW_WATT + (HIGH_WATT - LOW_WATT) * answers)

    def unseen_ratios(self, count, params, known, unseen_rates):
        if len(unseen_rates) == 0:
            return np.empty((len(params), 0))
        inputs = np.broadcast_to(self.unseen_inputs, (len(params), *self.unseen_inputs.shape))
        return self.rates(count, params, inputs, known, self.data.unseen[None]) / unseen_rates
