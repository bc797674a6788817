"""Experiments of the workload, described and run."""

import workload_runs
from workload_modules import WORKLOADS
from workload_runs import answer_of, ask_describe, end_of, events, option_names, start_worker  # noqa: F401

WORKLOAD = WORKLOADS / "hex"
OPTIONS = {
    "experiments": "all", "own-experiments": "", "board": 13, "games": 6800, "network": "resnet18", "epochs": 10, "batch-size": 512,
    "batch-probe": [], "augmentation": False, "positions": 500000, "completions": 256, "temperature": 0.02, "patience": 3,
    "min-delta": 0.001, "mixed-precision": True,
}  # fmt: skip
SMALL = {"board": 5, "games": 40, "completions": 24, "network": "small", "epochs": 3, "batch-size": 64}


def describe(**options):
    return ask_describe("hex", {**OPTIONS, **option_names(options)}, 11)


def described(**options):
    return answer_of(describe(**options))


def experiment(name, **options):
    """One experiment of a small batch, as the plan has it."""
    return next(one for one in described(**{**SMALL, **options})["experiments"] if one["name"] == name)


def started(folder, cache, chosen, resume=None):
    place = {"index": chosen["index"], "name": chosen["name"], "batchSeed": 11}
    return start_worker(folder, "hex", chosen["parameters"], cacheFolder=cache, resumeFrom=resume, **place)


def ended(folder, cache, chosen, **options):
    return end_of(started(folder, cache, chosen, **options), folder)


CLOCKS = {"seconds", "trainingSeconds", "samplesPerSecond", "finishedAt", "memoryMb", "gpuMemoryMb"}


def rows_of(folder, clocks=True):
    rows = workload_runs.rows_of(folder)
    return rows if clocks else [{name: value for name, value in row.items() if name not in CLOCKS} for row in rows]
