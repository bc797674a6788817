"""Experiments of the workload, described and run."""

from workload_modules import WORKLOADS
from workload_runs import answer_of, ask_describe, end_of, events, option_names, rows_of, start_worker  # noqa: F401

WORKLOAD = WORKLOADS / "tolerance"
OPTIONS = {
    "experiments": list(range(40)), "order": "phases", "postpone-convolutions": True, "epochs": 3, "images": 1500,
    "test-images": 100, "scales": [4, 14], "repeats": 3, "proofs": "",
}  # fmt: skip
PARAMETERS = {"layer": "Dense", "tolerance": 2.0, "dataSeed": 42, "scales": [4, 14], "repeats": 3}
NETWORK = {"epochs": 3, "images": 256, "testImages": 16}


def describe(**options):
    return ask_describe("tolerance", {**OPTIONS, **option_names(options)}, 42)


def described(**options):
    return answer_of(describe(**options))


def started(folder, cache, resume=None, **parameters):
    return start_worker(folder, "tolerance", {**PARAMETERS, **parameters}, cacheFolder=cache, resumeFrom=resume)


def ended(folder, cache, **options):
    return end_of(started(folder, cache, **options), folder)
