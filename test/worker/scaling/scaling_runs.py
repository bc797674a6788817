"""Starts the real worker on an experiment of the workload, and asks describe.py."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WORKLOAD = ROOT / "resources" / "workloads" / "scaling"
WORKER = WORKLOAD.parents[1] / "python" / "minibatch" / "worker.py"
OPTIONS = {
    "widths": [16, 32], "lstm-widths": [], "steps": 100, "tokens": 0, "tokens-per-parameter": 0, "learning-rates": "0.01",
    "seeds": [123], "parametrisations": "standard", "activations": "gelu", "initialisations": "fan-in", "optimisers": "adamw",
    "sweep-widths": [], "sweep-rates": "0.01,0.1", "sweep-steps": 80, "sweep-parametrisations": "standard,mup", "sweep-layers": 2,
    "base-width": 16, "text": "", "batch": 32, "sequence": 64, "accumulation": 0, "layers": 0, "head-width": 32, "tied": True,
    "dropout": 0, "weight-decay": 0.1, "validation-tokens": 8192, "folder": "scaling",
}  # fmt: skip
PARAMETERS = {
    "architecture": "transformer", "width": 16, "layers": 1, "heads": 1, "headWidth": 16, "activation": "gelu", "tied": True,
    "dropout": 0, "sequence": 16, "batch": 8, "accumulation": 0, "steps": 40, "learningRate": 0.01, "optimiser": "adamw",
    "weightDecay": 0.1, "initialisation": "fan-in", "parametrisation": "standard", "baseWidth": 16, "baseHeadSize": 16,
    "modelSeed": 123, "dataSeed": 42, "validationTokens": 1024, "text": "", "textHash": "",
}  # fmt: skip


def describe(**options):
    request = {"options": {**OPTIONS, **{name.replace("_", "-"): value for name, value in options.items()}}, "seed": 42}
    return subprocess.run(
        [sys.executable, "-B", "-S", str(WORKLOAD / "describe.py")],
        input=json.dumps(request), capture_output=True, text=True,
    )  # fmt: skip


def described(**options):
    answer = describe(**options)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def analyzed(form, folder, results):
    done = subprocess.run(
        [sys.executable, "-B", str(WORKLOAD / "analyze.py"), form, str(folder)],
        input=json.dumps({"results": results}), text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def started(folder, resume=None, **parameters):
    folder.mkdir(parents=True)
    plan = {
        "version": 1, "batch": "b", "index": 0, "attempt": 1, "name": "n", "workload": "scaling", "workloadVersion": 1,
        "workloadFolder": str(WORKLOAD), "identity": "ab" * 32, "parameters": {**PARAMETERS, **parameters}, "seed": 77,
        "batchSeed": 42, "device": "cpu", "threads": 1, "command": [], "environment": {}, "workingFolder": str(folder),
        "cacheFolder": str(folder / "cache"), "resumeFrom": resume and str(resume), "memoryLimitMb": None,
        "timeoutSeconds": None, "graceSeconds": 20,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(plan))
    environment = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(folder)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def ended(folder, **options):
    """The result of a run that nobody disturbs."""
    process = started(folder, **options)
    printed = process.communicate()[0].decode()
    assert process.returncode == 0, printed
    return json.loads((folder / "result.json").read_text()), printed


def events(folder, kind):
    path = folder / "events.jsonl"
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [event for event in found if event["kind"] == kind]


def rows_of(folder):
    return [event["row"] for event in events(folder, "row")]
