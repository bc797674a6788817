"""Runs the experiments of one task of an array, one after the other: `cluster_task.py <task> <tasks>`, in the exported folder."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def device():
    """The GPU that the task was given, else the CPU. Asked in a process of its own, which leaves nothing on the device."""
    if shutil.which("nvidia-smi") is None:
        return "cpu"
    code = "import torch; print('cuda:0' if torch.cuda.is_available() else 'cpu')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def prepare(base, experiment, where, threads):
    """The folder of a new attempt, which goes on where the last one was cut off; None if there is a result."""
    run = base / experiment["folder"]
    attempts = sorted(run.glob("attempt-*"), key=lambda path: int(path.name.rpartition("-")[2]))
    if any((path / "result.json").is_file() for path in attempts):
        return None
    checkpoints = [path / "checkpoint" for path in attempts if (path / "checkpoint" / "latest.json").is_file()]
    folder = run / f"attempt-{len(attempts) + 1}"
    folder.mkdir(parents=True)
    worker = str(CODE / "python" / "minibatch" / "worker.py")
    environment = {name: str(threads) for name in THREADS}
    plan = {
        **{name: value for name, value in experiment.items() if name != "folder"},
        "version": 1, "attempt": len(attempts) + 1, "workloadFolder": str(CODE / "workloads" / "scaling"), "device": where,
        "threads": threads, "command": [sys.executable, worker, str(folder)], "environment": environment,
        "workingFolder": str(folder), "cacheFolder": str(base / "cache"), "memoryLimitMb": None, "timeoutSeconds": None,
        "graceSeconds": 20, "resumeFrom": str(checkpoints[-1]) if checkpoints else None,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(plan, indent=1) + "\n", encoding="utf-8")
    return folder


def main(arguments):
    task, tasks = (int(word) for word in arguments)
    base = Path.cwd()
    experiments = json.loads((base / "experiments.json").read_text(encoding="utf-8"))
    threads = int(os.environ.get("SLURM_CPUS_PER_TASK") or 1)
    where, failed = device(), 0
    for experiment in experiments[task::tasks]:
        folder = prepare(base, experiment, where, threads)
        if folder is None:
            print(f"{experiment['name']}: has a result.", flush=True)
            continue
        print(f"{experiment['name']}: {folder.relative_to(base)} on {where}", flush=True)
        plan = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        with open(folder / "output.log", "wb") as log:
            ended = subprocess.run(plan["command"], env={**os.environ, **plan["environment"]}, stdout=log, stderr=subprocess.STDOUT)
        failed += ended.returncode != 0
        if ended.returncode:
            print(f"{experiment['name']}: ended with {ended.returncode}, see {folder.relative_to(base) / 'output.log'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
