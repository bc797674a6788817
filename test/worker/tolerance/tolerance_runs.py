"""Starts the real worker on an experiment of the workload, and asks describe.py."""

import json
import subprocess
import sys
from pathlib import Path

WORKLOAD = Path(__file__).resolve().parents[3] / "resources" / "workloads" / "tolerance"
WORKER = WORKLOAD.parents[1] / "python" / "minibatch" / "worker.py"
OPTIONS = {
    "experiments": list(range(40)), "order": "phases", "postpone-convolutions": True, "epochs": 3, "images": 1500,
    "test-images": 100, "scales": [4, 14], "repeats": 3, "proofs": "",
}  # fmt: skip
PARAMETERS = {"layer": "Dense", "tolerance": 2.0, "dataSeed": 42, "scales": [4, 14], "repeats": 3}
NETWORK = {"epochs": 3, "images": 256, "testImages": 16}


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


def started(folder, cache, resume=None, **parameters):
    folder.mkdir(parents=True)
    plan = {
        "version": 1, "batch": "b", "index": 0, "attempt": 1, "name": "n", "workload": "tolerance",
        "workloadVersion": 1, "workloadFolder": str(WORKLOAD), "identity": "ab" * 32,
        "parameters": {**PARAMETERS, **parameters}, "seed": 77, "batchSeed": 42, "device": "cpu", "threads": 1,
        "command": [], "environment": {}, "workingFolder": str(folder), "cacheFolder": str(cache),
        "resumeFrom": resume and str(resume), "memoryLimitMb": None, "timeoutSeconds": None, "graceSeconds": 20,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(plan))
    environment = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(folder)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def ended(folder, cache, **options):
    """The result of a run that nobody disturbs."""
    process = started(folder, cache, **options)
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
