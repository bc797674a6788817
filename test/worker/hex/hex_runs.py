"""Starts the real worker on an experiment of the workload, and asks describe.py."""

import json
import subprocess
import sys
from pathlib import Path

WORKLOAD = Path(__file__).resolve().parents[3] / "resources" / "workloads" / "hex"
WORKER = WORKLOAD.parents[1] / "python" / "minibatch" / "worker.py"
OPTIONS = {
    "experiments": "all", "own-experiments": "", "board": 13, "games": 6800, "network": "resnet18", "epochs": 10, "batch-size": 512,
    "batch-probe": [], "augmentation": False, "positions": 500000, "completions": 256, "temperature": 0.02, "patience": 3,
    "min-delta": 0.001, "mixed-precision": True,
}  # fmt: skip
SMALL = {"board": 5, "games": 40, "completions": 24, "network": "small", "epochs": 3, "batch-size": 64}


def describe(**options):
    request = {"options": {**OPTIONS, **{name.replace("_", "-"): value for name, value in options.items()}}, "seed": 11}
    return subprocess.run(
        [sys.executable, "-B", "-S", str(WORKLOAD / "describe.py")],
        input=json.dumps(request), capture_output=True, text=True,
    )  # fmt: skip


def described(**options):
    answer = describe(**options)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def experiment(name, **options):
    """One experiment of a small batch, as the plan has it."""
    return next(one for one in described(**{**SMALL, **options})["experiments"] if one["name"] == name)


def started(folder, cache, chosen, resume=None):
    folder.mkdir(parents=True)
    plan = {
        "version": 1, "batch": "b", "index": chosen["index"], "attempt": 1, "name": chosen["name"], "workload": "hex",
        "workloadVersion": 1, "workloadFolder": str(WORKLOAD), "identity": "ab" * 32, "parameters": chosen["parameters"],
        "seed": 77, "batchSeed": 11, "device": "cpu", "threads": 1, "command": [], "environment": {},
        "workingFolder": str(folder), "cacheFolder": str(cache), "resumeFrom": resume and str(resume),
        "memoryLimitMb": None, "timeoutSeconds": None, "graceSeconds": 20,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(plan))
    environment = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(folder)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def ended(folder, cache, chosen, **options):
    """The result of a run that nobody disturbs, and what it printed."""
    process = started(folder, cache, chosen, **options)
    printed = process.communicate()[0].decode()
    assert process.returncode == 0, printed
    return json.loads((folder / "result.json").read_text()), printed


def events(folder, kind):
    path = folder / "events.jsonl"
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [event for event in found if event["kind"] == kind]


CLOCKS = {"seconds", "trainingSeconds", "samplesPerSecond", "finishedAt", "memoryMb", "gpuMemoryMb"}


def rows_of(folder, clocks=True):
    rows = [event["row"] for event in events(folder, "row")]
    return rows if clocks else [{name: value for name, value in row.items() if name not in CLOCKS} for row in rows]
