"""Which experiments a choice of options means. Reads {"options", "seed"} from standard input; standard library only."""

import math
import sys
from dataclasses import replace
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from experiments import BY_NAME, PART_GAMES, SETTINGS, SHAPES, Setting, parameter_count
from minibatch.description import BadOption, answer

PLAY, PROBE, TRAIN = "Self-play", "Batch probe", "Training"
FIELDS = {"learning-rate": 10.0, "dropout": 0.99, "weight-decay": 10.0, "policy-weight": 1000.0, "value-weight": 1000.0}
# Fitted to runs on one core of a server processor of 2023; measured runs replace the estimate.
START_SECONDS = 2.0
COMPLETED_CELL_SECONDS = 30e-9  # one empty cell of one random completion
PRODUCT_SECONDS = 0.045e-9  # one multiply-accumulate of a convolution
PROBE_SECONDS = 1.5
WORKER_MB, GAME_MB = 290.0, 0.05
ACTIVATION_COPIES = 4.0  # of the outputs of all convolutions: kept for the way back, and gradients
USUAL_PLIES = 0.45  # of all cells


def chosen_settings(options):
    names, own = str(options["experiments"]).strip(), own_settings(str(options["own-experiments"]))
    if names == "none":
        if not own:
            raise BadOption("No experiment is chosen: name some with experiments, or describe your own with own-experiments.")
        return own
    if names == "all":
        return [*SETTINGS, *own]
    found = []
    for name in filter(None, (part.strip() for part in names.split(","))):
        if name not in BY_NAME:
            raise BadOption(f"Option experiments has no {name}: give names out of {', '.join(BY_NAME)} with commas between, or all.")
        found.append(BY_NAME[name])
    if not found:
        raise BadOption(f"Option experiments is empty: give names out of {', '.join(BY_NAME)}, or all.")
    return [*dict.fromkeys(found), *own]


def own_settings(text):
    found, taken = [], set(BY_NAME)
    for part in filter(str.strip, text.split(";")):
        name, *changes = part.split()
        if "=" in name or name in taken:
            raise BadOption(f"Option own-experiments: {name} is no new name. Write a name, then for example dropout=0.2.")
        taken.add(name)
        values = {}
        for change in changes:
            field, _, number = change.partition("=")
            if field not in FIELDS:
                raise BadOption(f"Option own-experiments: {name} has no {field}; it can change {', '.join(FIELDS)}.")
            values[field.replace("-", "_")] = read_number(name, field, number)
        setting = replace(Setting(name), **values)
        if setting.policy_weight == setting.value_weight == 0:
            raise BadOption(f"Option own-experiments: {name} has no weight left, so it would learn nothing.")
        found.append(setting)
    return found


def read_number(name, field, text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value <= FIELDS[field] or (field == "learning-rate" and value == 0):
        raise BadOption(f"Option own-experiments: {name} has {field}={text}; give a number from 0 to {FIELDS[field]:g}.")
    return value


def products(shape, board):
    """Multiply-accumulates of the convolutions for one position, and numbers in all their outputs."""
    side, before = board, shape.widths[0]
    work, outputs = 9 * shape.planes * before * side**2, before * side**2
    for width, stride in zip(shape.widths, shape.strides, strict=True):
        side = -(-side // stride)
        beside = before * width if stride != 1 or before != width else 0
        work += side**2 * (9 * before * width + 27 * width**2 + beside)
        outputs += side**2 * width * (5 if beside else 4)
        before = width
    return work, outputs


def expected_positions(options):
    cells = options["board"] ** 2
    return options["games"] * (USUAL_PLIES * cells + 1)


def training_estimate(shape, options):
    work, outputs = products(shape, options["board"])
    positions = expected_positions(options)
    training, validation = (min(share * positions, options["positions"]) for share in (0.8, 0.2))
    seconds = START_SECONDS + options["epochs"] * (3 * training + validation) * work * PRODUCT_SECONDS
    # Parameters, gradients, two moments, the best copy and a checkpoint under way.
    numbers = 6 * parameter_count(shape, options["board"]) + ACTIVATION_COPIES * outputs * options["batch-size"]
    return {"memoryMb": math.ceil(WORKER_MB + 4 * numbers / 2**20 + positions * 40 / 2**20), "seconds": round(seconds, 1)}


def playing_estimate(games, options):
    cells = options["board"] ** 2
    plies = USUAL_PLIES * cells
    empty = plies * (cells - plies / 2)  # cells filled over all moves of a game
    seconds = START_SECONDS + games * options["completions"] * empty * COMPLETED_CELL_SECONDS
    return {"memoryMb": math.ceil(WORKER_MB + games * GAME_MB), "seconds": round(seconds, 1)}


def describe(options, seed):
    settings = chosen_settings(options)
    shape = SHAPES[options["network"]]
    data = {"board": options["board"], "games": options["games"], "completions": options["completions"]}
    data |= {"temperature": options["temperature"], "seed": seed}
    experiments = [*playing(options, data), *probing(options, shape), *training(options, settings, shape, data)]
    for index, experiment in enumerate(experiments):
        experiment["index"] = index
    phases = list(dict.fromkeys(one["phase"] for one in experiments))
    needs = [{"name": phase, "needs": phases[max(0, at - 1) : at]} for at, phase in enumerate(phases)]
    return {"experiments": experiments, "phases": needs, "notes": notes(options, settings)}


def playing(options, data):
    found = []
    for part in range(-(-options["games"] // PART_GAMES)):
        games = min(PART_GAMES, options["games"] - part * PART_GAMES)
        found.append(
            {
                "name": f"games {part * PART_GAMES + 1} to {part * PART_GAMES + games}",
                # How many games follow this part changes nothing about it.
                "parameters": {"kind": "games", "part": part, "data": {**data, "games": part * PART_GAMES + games}},
                "facts": {"board": options["board"], "games": games},
                "estimate": playing_estimate(games, options),
                "phase": PLAY,
                "queue": "games",
                "device": "cpu",
            }
        )
    return found


def probing(options, shape):
    sizes = options["batch-probe"]
    if not sizes:
        return []
    if any(isinstance(size, bool) or not isinstance(size, int) or not 2 <= size <= 65536 for size in sizes):
        raise BadOption("Option batch-probe: give batch sizes from 2 to 65536, such as 512,1024,2048.")
    sizes = list(dict.fromkeys(sizes))
    largest = training_estimate(shape, {**options, "batch-size": max(sizes)})["memoryMb"]
    parameters = {"kind": "probe", "network": shape.name, "board": options["board"], "batchSizes": sizes}
    return [
        {
            "name": "batch sizes " + ", ".join(map(str, sizes)),
            "parameters": {**parameters, "mixedPrecision": options["mixed-precision"]},
            "facts": {"board": options["board"], "parameterCount": parameter_count(shape, options["board"])},
            "estimate": {"memoryMb": largest, "seconds": round(START_SECONDS + PROBE_SECONDS * len(sizes), 1)},
            "phase": PROBE,
            "queue": "training",
        }
    ]


def training(options, settings, shape, data):
    shared = {"network": shape.name, "epochs": options["epochs"], "batchSize": options["batch-size"]}
    shared |= {"patience": options["patience"], "minDelta": options["min-delta"], "augmentation": options["augmentation"]}
    shared |= {"mixedPrecision": options["mixed-precision"], "positions": options["positions"], "data": data}
    found = []
    for setting in settings:
        own = {name: value for name, value in setting.parameters().items() if name != "name"}
        found.append(
            {
                "name": setting.name,
                "parameters": {"kind": "training", **own, **shared},
                "facts": {**own, "parameterCount": parameter_count(shape, options["board"]), "board": options["board"]},
                "estimate": training_estimate(shape, options),
                "phase": TRAIN,
                "queue": "training",
            }
        )
    return found


def notes(options, settings):
    found = ["The games are played once, kept in the workspace and used by all experiments, with the same split by game."]
    if any(setting.name == "policy_intermediate" for setting in settings):
        found.append("policy_intermediate weighs policy 0.33 and value 0.67: heavier on the value than balanced_weights, whatever its name says.")
    if options["network"] == "resnet18":
        found.append("The large network is made for a GPU; one processor core trains 50 to 100 positions a second.")
    return found


if __name__ == "__main__":
    sys.exit(answer(describe))
