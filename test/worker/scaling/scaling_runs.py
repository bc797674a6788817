"""Experiments of the workload, described, run and analysed."""

import json
import subprocess
import sys

from workload_modules import WORKLOADS
from workload_runs import answer_of, ask_describe, end_of, events, option_names, rows_of, start_worker  # noqa: F401

ROOT = WORKLOADS.parents[1]
WORKLOAD = WORKLOADS / "scaling"
OPTIONS = {
    "widths": [16, 32], "lstm-widths": [], "steps": 100, "tokens": 0, "tokens-per-parameter": 0, "learning-rates": "0.01",
    "seeds": [123], "parametrisations": "standard", "activations": "gelu", "initialisations": "fan-in", "optimisers": "adamw",
    "sweep-widths": [], "sweep-rates": "0.01,0.1", "sweep-steps": 80, "sweep-parametrisations": "standard,mup", "sweep-layers": 2,
    "base-width": 16, "text": "", "batch": 32, "sequence": 64, "accumulation": 0, "layers": 0, "head-width": 32, "tied": True,
    "dropout": 0, "weight-decay": 0.1, "validation-tokens": 8192, "folder": "scaling", "processes": 1,
}  # fmt: skip
PARAMETERS = {
    "architecture": "transformer", "width": 16, "layers": 1, "heads": 1, "headWidth": 16, "activation": "gelu", "tied": True,
    "dropout": 0, "sequence": 16, "batch": 8, "accumulation": 0, "steps": 40, "learningRate": 0.01, "optimiser": "adamw",
    "weightDecay": 0.1, "initialisation": "fan-in", "parametrisation": "standard", "baseWidth": 16, "baseHeadSize": 16,
    "modelSeed": 123, "dataSeed": 42, "validationTokens": 1024, "text": "", "textHash": "",
}  # fmt: skip


def analyzed(form, folder, results):
    done = subprocess.run(
        [sys.executable, "-B", str(WORKLOAD / "analyze.py"), form, str(folder)],
        input=json.dumps({"results": results}), text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def describe(**options):
    return ask_describe("scaling", {**OPTIONS, **option_names(options)}, 42)


def described(**options):
    return answer_of(describe(**options))


def started(folder, resume=None, **parameters):
    return start_worker(folder, "scaling", {**PARAMETERS, **parameters}, cacheFolder=folder / "cache", resumeFrom=resume)


def ended(folder, **options):
    return end_of(started(folder, **options), folder)
