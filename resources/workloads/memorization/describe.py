"""Which experiments a choice of options means. Reads {"options", "seed"} from standard input; standard library only."""

import math
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from architectures import BATCH_NORM_ABOVE, SHAPES, parameter_count, trials_for
from minibatch.description import BadOption, answer

# Options that become parameters of an experiment, under these names.
PARAMETERS = {
    "target-ratios": "targetRatios",
    "epochs": "epochs",
    "n": "n",
    "features": "features",
    "normalization": "normalization",
    "transposed-loss": "transposedLoss",
    "generalisation-scenarios": "generalisationScenarios",
    "scenarios": "scenarios",
    "environment": "environment",
    "area": "area",
    "learning-rate": "learningRate",
    "batch-size": "batchSize",
    "patience": "patience",
    "min-delta": "minDelta",
    "chunk-size": "chunkSize",
}
# Fitted to runs of all shapes on one core of a server processor of 2023; measured runs replace the estimate.
WORKER_MB = 285.0
STATE_BYTES = 6 * 4  # parameters, gradients, two moments, best and kept copies, in float32
STEP_SECONDS = 0.8e-4  # calls of one step and hidden layer, whatever the size
START_SECONDS = 2.0
CHUNK_BYTES = 5 << 20


def distinct(values, name, smallest, largest, way_out):
    if not isinstance(values, list) or not values:
        raise BadOption(f"Option {name} is empty: {way_out}.")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or not smallest <= value <= largest:
            raise BadOption(f"Option {name} has no {value}: {way_out}.")
    return list(dict.fromkeys(values))


def expected_epochs(count, epochs, patience):
    """Few scenarios are learnt at once and then wait out the patience; many keep improving."""
    return min(epochs, patience * (1.15 + 0.27 * math.log2(count)))


def estimate(hidden, options):
    """Seconds on one thread and MB of a whole worker process."""
    parameters = parameter_count(hidden, options["features"], batch_norm=True)
    together = max(1, CHUNK_BYTES // (16 * parameters))
    seconds = START_SECONDS
    for count in options["n"]:
        trials = trials_for(options["target-ratios"], count)
        batch = min(count, options["batch-size"])
        steps = expected_epochs(count, options["epochs"], options["patience"]) * math.ceil(count / options["batch-size"])
        # Batch normalization is as many calls again as all else, twice.
        calls = STEP_SECONDS * len(hidden) * (3 if count > BATCH_NORM_ABOVE else 1) / min(trials, together)
        in_cache = 16 * parameters < 24 << 20
        # About 2 to the power of -count of the first hidden layer cannot learn and is left out.
        arithmetic = parameters * (1 - 0.9 * 2**-count) * ((0.75e-9 if in_cache else 1.5e-9) + 0.09e-9 * batch)
        seconds += trials * steps * (calls + arithmetic)
    memory = WORKER_MB + STATE_BYTES * parameters * together / 2**20
    return {"memoryMb": math.ceil(memory), "seconds": round(seconds, 1)}


def describe(options, seed):
    last = len(SHAPES) - 1
    chosen = distinct(options["architectures"], "architectures", 0, last, f"give indices from 0 to {last}, for example 0,1,2")
    sizes = distinct(options["n"], "n", 1, options["scenarios"], f"give numbers from 1 to the size of the data set, {options['scenarios']}")
    options = {**options, "n": sizes}
    shared = {name: options[option] for option, name in PARAMETERS.items()}
    experiments = []
    for index in chosen:
        kind, hidden = SHAPES[index]
        experiments.append(
            {
                "index": index,
                "name": str(hidden),
                "parameters": {"hidden": hidden, "dataSeed": seed, **shared},
                "facts": {
                    "parameterCount": parameter_count(hidden, options["features"]),
                    "hidden": hidden,
                    "hiddenLayers": len(hidden),
                    "class": kind,
                },
                "estimate": estimate(hidden, options),
            }
        )
    trainings = sum(trials_for(options["target-ratios"], count) for count in sizes)
    notes = [f"Each network is trained {trainings} times, together {trainings * len(chosen)} trainings."]
    if any(count > 10 for count in sizes):
        notes.append("Parameter counts are those of the plain network. Above N = 10 batch normalization adds two numbers for each hidden unit.")
    if options["transposed-loss"]:
        notes.append("The transposed loss reproduces a mistake of the original and lowers the ratios; it is no recommendation.")
    return {"experiments": experiments, "notes": notes}


if __name__ == "__main__":
    sys.exit(answer(describe))
