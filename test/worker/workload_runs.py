"""Starts the real worker on an experiment of a workload, asks its describe.py, and reads what was written."""
import json
import subprocess
import sys

from workload_modules import WORKLOADS

WORKER = WORKLOADS.parent / "python" / "minibatch" / "worker.py"


def ask_describe(workload, options, seed):
    """`options`: the defaults, and over them what a test says. The ended process."""
    return subprocess.run(
        [sys.executable, "-B", "-S", str(WORKLOADS / workload / "describe.py")],
        input=json.dumps({"options": options, "seed": seed}), capture_output=True, text=True,
    )  # fmt: skip


def answer_of(process):
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


def option_names(values):
    return {name.replace("_", "-"): value for name, value in values.items()}


def start_worker(folder, workload, parameters, **changes):
    """Writes run.json into a new folder. Returns the process; what it prints is in its `stdout`."""
    folder.mkdir(parents=True)
    plan = {
        "version": 1, "batch": "b", "index": 0, "attempt": 1, "name": "n", "workload": workload, "workloadVersion": 1,
        "workloadFolder": str(WORKLOADS / workload), "identity": "ab" * 32, "parameters": parameters, "seed": 77,
        "batchSeed": 42, "device": "cpu", "threads": 1, "command": [], "environment": {}, "workingFolder": str(folder),
        "cacheFolder": str(folder), "resumeFrom": None, "memoryLimitMb": None, "timeoutSeconds": None, "graceSeconds": 20,
    }  # fmt: skip
    plan.update({name: str(value) if name.endswith(("Folder", "From")) and value else value for name, value in changes.items()})
    (folder / "run.json").write_text(json.dumps(plan))
    environment = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
    return subprocess.Popen(
        [sys.executable, str(WORKER), str(folder)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def end_of(process, folder):
    """The result of a run that nobody disturbs, and what it printed."""
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
