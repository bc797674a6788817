"""Which experiments a choice of options means. Reads {"options", "seed"} from standard input; standard library only."""

import math
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from experiments import COMPOSITE, GROUPS, LAYERS, POSTPONED, SCALES, TOLERANCES, experiment_at, mapped_scale
from minibatch.description import BadOption, answer
from proofs import proofs_in

# Fitted to runs on one core of a server processor of 2023; measured runs replace the estimate.
WORKER_MB = 300.0
NETWORK_MB = 440.0
START_SECONDS = 1.8
OPERATION_SECONDS = 0.12e-9  # one multiplication of float64 products at one scale
VALUE_SECONDS = 30e-9  # one number of an output at one scale
IMAGE_EPOCH_SECONDS = {"max": 1.0e-3, "average": 0.9e-3, "stride": 0.2e-3}
IMAGE_SCALE_SECONDS = {"max": 1.9e-3, "average": 1.5e-3, "stride": 0.4e-3}
# Options that change an experiment, as the manifest has them.
USUAL = {"epochs": 3, "images": 1500, "test-images": 100, "repeats": 3}
# A queue is bound to a GPU of its own where the batch runs on CUDA. Only training uses it: integers need float64.
QUEUES = {group: {"queue": f"gpu {number}", "device": f"cuda:{number}"} for number, group in enumerate(GROUPS)}


def chosen_indices(values):
    last = len(LAYERS) * len(TOLERANCES) - 1
    if not isinstance(values, list) or not values:
        raise BadOption(f"Option experiments is empty: give indices from 0 to {last}, for example 20,21.")
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= last:
            raise BadOption(f"Option experiments has no {value}: give indices from 0 to {last}.")
    return list(dict.fromkeys(values))


def chosen_scales(values):
    lowest, highest = SCALES
    if not isinstance(values, list) or len(values) != 2 or not lowest <= values[0] <= values[1] <= highest:
        raise BadOption(f"Option scales is {values}: give first and last scale, for example {lowest},{highest}.")
    return values


def multiplications(layer):
    """Multiply-accumulates for one input; shapes say it all."""
    size = math.prod(layer.shape)
    if layer.kind == "convolution":
        _, outputs, stride, _ = layer.settings
        return (layer.parameters - outputs) * (layer.shape[1] // stride) * (layer.shape[2] // stride)
    if layer.kind == "linear":
        return layer.settings[0] * layer.settings[1]
    if layer.kind == "network":
        first, second = (256, 64) if layer.settings[1] == "stride" else (1024, 256)
        return 3 * 9 * 32 * first + 32 * 9 * 64 * second + 64 * 64 * 10
    return {"square": size, "batch-norm": size, "layer-norm": 3 * size}.get(layer.kind, 0)


def estimate(layer, options, reuses):
    """Seconds on one thread and MB of a whole worker. `reuses`: the weights were trained by an experiment before it."""
    scales = options["scales"][1] - options["scales"][0] + 1
    if layer.kind != "network":
        work = multiplications(layer) * OPERATION_SECONDS + math.prod(layer.shape) * VALUE_SECONDS
        memory = WORKER_MB + 72 * 3 * math.prod(layer.shape) / 2**20
        return {"memoryMb": math.ceil(memory), "seconds": round(START_SECONDS + (scales + 6) * work, 2)}
    way_down = layer.settings[1]
    seconds = START_SECONDS + scales * options["test-images"] * IMAGE_SCALE_SECONDS[way_down]
    if not reuses:
        seconds += options["epochs"] * options["images"] * IMAGE_EPOCH_SECONDS[way_down]
    return {"memoryMb": math.ceil(NETWORK_MB + options["images"] * 0.012), "seconds": round(seconds, 2)}


def parameters_of(layer, tolerance, options, seed):
    """Only what matters for the layer: a layer without training has no epochs, so changing them runs nothing again."""
    shared = {"layer": layer.name, "tolerance": tolerance, "dataSeed": seed, "scales": options["scales"]}
    shared["repeats"] = options["repeats"]
    if layer.kind != "network":
        return shared
    return {**shared, "epochs": options["epochs"], "images": options["images"], "testImages": options["test-images"]}


def describe(options, seed):
    options = {**options, "scales": chosen_scales(options["scales"])}
    proofs, told = proofs_in(options["proofs"]) if options["proofs"] else ({}, None)
    experiments, seen = [], set()
    for index in chosen_indices(options["experiments"]):
        layer, tolerance = experiment_at(index)
        experiment = {
            "index": index,
            "name": f"{layer.name} ({tolerance:g} %)",
            "parameters": parameters_of(layer, tolerance, options, seed),
            "facts": {
                "layer": layer.name,
                "tolerance": tolerance,
                "group": layer.group,
                "parameterCount": layer.parameters,
                "multiplications": multiplications(layer),
                "mappedScale": mapped_scale(tolerance),
                "inputShape": [1, *layer.shape],
                **proofs.get((layer.name, tolerance), {}),
            },
            "estimate": estimate(layer, options, layer.name in seen),
            "phase": GROUPS[layer.group] if options["order"] == "phases" else "All queues",
            **QUEUES[layer.group],
        }
        if options["postpone-convolutions"] and layer.name in POSTPONED:
            experiment["postponed"] = (
                "Put off: a proof of this convolution would need 50 to 100 GB. "
                "Nothing is proved here, so it can be released."
            )
        experiments.append(experiment)
        seen.add(layer.name)
    if options["order"] == "phases":
        order = list(GROUPS.values())
        experiments.sort(key=lambda one: (order.index(one["phase"]), one["index"]))
    return {"experiments": experiments, "notes": [*notes(experiments), *queue_commands(experiments, options), *([told] if told else [])]}


def queue_commands(experiments, options):
    """What a person types to run one of several queues alone, for example in a terminal of its own."""
    queues = {}
    for one in experiments:
        queues.setdefault(one["queue"], []).append(str(one["index"]))
    changed = [f"--{name} {options[name]}" for name, usual in USUAL.items() if options[name] != usual]
    if list(options["scales"]) != list(SCALES):
        changed.append(f"--scales {' '.join(map(str, options['scales']))}")
    return [
        f"Queue {queue} alone: minibatch run tolerance/custom --experiments {' '.join(indices)}{''.join(' ' + one for one in changed)}"
        for queue, indices in queues.items()
        if len(queues) > 1
    ]


def notes(experiments):
    found = []
    put_off = sum("postponed" in one for one in experiments)
    if put_off:
        found.append(f"{put_off} experiments wait until they are released: minibatch release <batch>.")
    if any(one["facts"]["group"] == COMPOSITE for one in experiments):
        found.append("A network is trained once; the experiment at its other tolerance takes over the weights.")
    return found


if __name__ == "__main__":
    sys.exit(answer(describe))
