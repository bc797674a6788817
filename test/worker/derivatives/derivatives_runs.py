"""Starts the workload the way the app does, and reads what it wrote."""
import json
import os
import subprocess
import sys
import time
from pathlib import Path

WORKLOAD = Path(__file__).resolve().parents[3] / "resources" / "workloads" / "derivatives"
WORKER = WORKLOAD.parents[1] / "python" / "minibatch" / "worker.py"
DEADLINE = 60.0
PARAMETERS = {
    "system": "lotka_volterra", "noise": 1e-3, "trial": 1, "points": 61, "orders": [0, 1, 2], "noiseModel": "additive",
    "methods": "central-difference,savgol-fixed,tv-regularisation,whittaker", "methodTimeout": 60, "runTwice": False,
}  # fmt: skip


def started(folder, resume=None, threads=1, batch_seed=42, **parameters):
    folder.mkdir(parents=True)
    plan = {
        "version": 1, "batch": "b", "index": 0, "attempt": 1, "name": "n", "workload": "derivatives", "workloadVersion": 1,
        "workloadFolder": str(WORKLOAD), "identity": "ab" * 32, "parameters": {**PARAMETERS, **parameters}, "seed": 77,
        "batchSeed": batch_seed, "device": "cpu", "threads": threads, "command": [], "environment": {},
        "workingFolder": str(folder), "cacheFolder": str(folder), "resumeFrom": resume and str(resume),
        "memoryLimitMb": None, "timeoutSeconds": None, "graceSeconds": 20,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(plan))
    environment = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]}
    # Its own session, as under the supervisor: a signal to the tests' group must not reach it.
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(folder)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder, start_new_session=True
    )


def finished(folder, code=0, **options):
    """Runs to the end and returns what was printed."""
    process = started(folder, **options)
    printed = process.communicate(timeout=DEADLINE)[0].decode()
    assert process.returncode == code, printed
    return printed


def events(folder, kind=None):
    path = folder / "events.jsonl"
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    found = [json.loads(line) for line in lines if line.endswith("\n")]
    return [event for event in found if kind in (None, event["kind"])]


def rows_of(folder):
    return [event["row"] for event in events(folder, "row")]


def result_of(folder):
    return json.loads((folder / "result.json").read_text())


def untimed(rows):
    """Rows without the times, which no two runs share, in an order that does not depend on them."""
    plain = [{name: value for name, value in row.items() if name != "seconds"} for row in rows]
    return sorted(plain, key=lambda row: (row["method"], row["deriv_order"]))


def wait_for(condition, what):
    until = time.monotonic() + DEADLINE
    while time.monotonic() < until:
        value = condition()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError(f"{what} did not come true within {DEADLINE:g} s")


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
