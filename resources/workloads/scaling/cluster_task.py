"""Runs the experiments of one task of an array, one after the other: `cluster_task.py <task> <tasks> [list]`, in the exported folder.

`list`: what a submission found missing; without it all experiments.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from cluster_status import MARK, TOUCH_SECONDS, attempts_of, read_experiments, state_of

CODE = Path(__file__).resolve().parents[2]
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def cards():
    """GPUs that the task was given. Asked in a process of its own, which leaves nothing on them."""
    if shutil.which("nvidia-smi") is None:
        return 0
    code = "import torch; print(torch.cuda.device_count() if torch.cuda.is_available() else 0)"
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def devices_of(experiment, there):
    """One for each process of a run: GPUs, or the processor where there are none. With too few GPUs it is one process."""
    wanted = experiment.get("devices", 1)
    if there == 0:
        return ["cpu"] * wanted
    return [f"cuda:{at}" for at in range(wanted if wanted <= there else 1)]


def prepare(base, experiment, where, threads):
    """The folder of a new attempt, which goes on where the last one was cut off. `where`: its devices."""
    attempts = attempts_of(base, experiment)
    checkpoints = [path / "checkpoint" for path in attempts if (path / "checkpoint" / "latest.json").is_file()]
    number = 1 + max((int(path.name.rpartition("-")[2]) for path in attempts), default=0)
    folder = base / experiment["folder"] / f"attempt-{number}"
    folder.mkdir(parents=True)
    worker = str(CODE / "python" / "minibatch" / "worker.py")
    each = max(1, threads // len(where))
    environment = {name: str(each) for name in THREADS}
    plan = {
        **{name: value for name, value in experiment.items() if name not in ("folder", "devices")},
        "version": 1, "attempt": number, "workloadFolder": str(CODE / "workloads" / "scaling"), "device": where[0],
        **({"devices": where} if len(where) > 1 else {}),
        "threads": each, "command": [sys.executable, worker, str(folder)], "environment": environment,
        "workingFolder": str(folder), "cacheFolder": str(base / "cache"), "memoryLimitMb": None, "timeoutSeconds": None,
        "graceSeconds": 20, "resumeFrom": str(checkpoints[-1]) if checkpoints else None,
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(plan, indent=1) + "\n", encoding="utf-8")
    return folder


def own_name():
    """Of this task, also after the cluster has begun it anew; empty where no cluster is."""
    job = os.environ.get("SLURM_ARRAY_JOB_ID")
    return f"{job}_{os.environ['SLURM_ARRAY_TASK_ID']}" if job else ""


def is_elsewhere(base, experiment):
    """Another task is at it. A mark of our own was left by what the cluster ended."""
    mark = base / experiment["folder"] / MARK
    return state_of(base, experiment) == "running" and (not own_name() or mark.read_text(encoding="utf-8") != own_name())


def run(base, experiment, folder):
    """The exit code. While it runs, a mark tells other tasks and submissions that it does."""
    plan = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    mark = base / experiment["folder"] / MARK
    mark.write_text(own_name(), encoding="utf-8")
    try:
        with open(folder / "output.log", "wb") as log:
            environment = {**os.environ, **plan["environment"]}
            process = subprocess.Popen(plan["command"], env=environment, stdout=log, stderr=subprocess.STDOUT)
            while True:
                try:
                    return process.wait(TOUCH_SECONDS)
                except subprocess.TimeoutExpired:
                    mark.touch()
    finally:
        mark.unlink(missing_ok=True)


def main(arguments):
    task, tasks = int(arguments[0]), int(arguments[1])
    base = Path.cwd()
    experiments = read_experiments(base)
    chosen = json.loads((base / arguments[2]).read_text(encoding="utf-8")) if len(arguments) > 2 else range(len(experiments))
    threads = int(os.environ.get("SLURM_CPUS_PER_TASK") or 1)
    there, failed = cards(), 0
    for at in list(chosen)[task::tasks]:
        experiment = experiments[at]
        done = state_of(base, experiment) == "done"
        if done or is_elsewhere(base, experiment):
            print(f"{experiment['name']}: {'has a result' if done else 'another task is at it'}.", flush=True)
            continue
        where = devices_of(experiment, there)
        folder = prepare(base, experiment, where, threads)
        wanted = experiment.get("devices", 1)
        short = f", in a single process: the task has {there} of {wanted} GPUs" if len(where) < wanted else ""
        print(f"{experiment['name']}: {folder.relative_to(base)} on {'+'.join(where)}{short}", flush=True)
        code = run(base, experiment, folder)
        failed += code != 0
        if code:
            print(f"{experiment['name']}: ended with {code}, see {folder.relative_to(base) / 'output.log'}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
