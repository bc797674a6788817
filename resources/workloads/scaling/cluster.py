"""Experiments as an array of jobs for SLURM: a folder that carries its code, and whose results `minibatch import` takes.

    minibatch plan scaling/widths --json | python3 cluster.py <folder> [--tasks 8] [--gpus 2]

Standard library only. Without a batch on this machine: identities and seeds are those of the plan.
"""

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

TASKS = 8
CPUS, MEMORY_GB = 4, 32  # of a task, for each of its GPUs
WORKLOAD = Path(__file__).resolve().parent
PACKAGE = WORKLOAD.parents[1] / "python" / "minibatch"
NO_COPY = shutil.ignore_patterns("__pycache__", "*.pyc")

ARRAY = """#!/bin/bash
#SBATCH --job-name=scaling
#SBATCH --array=0-{last}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task={cpus}
#SBATCH --mem={memory}G
#SBATCH --gpus-per-task={gpus}
#SBATCH --requeue
#SBATCH --output=logs/%A_%a.log
# Words: how many tasks, and the list of what is missing; ./submit.sh gives both. Task k takes the experiments k, k + tasks,
# k + 2 * tasks, ... of it: no task is idle while another has two to do.
set -euo pipefail
cd "${{SLURM_SUBMIT_DIR:?Submit it from its folder, with ./submit.sh.}}"
tasks="${{1:-{tasks}}}"
shift || true
exec "${{MINIBATCH_PYTHON:-python3}}" code/workloads/scaling/cluster_task.py "$SLURM_ARRAY_TASK_ID" "$tasks" "$@"
"""
SUBMIT = """#!/bin/bash
# ./submit.sh [how many tasks may run at once]; further words go to sbatch. What has a result or runs is not submitted again.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p logs
most="${{1:-{tasks}}}"
shift || true
found="$("${{MINIBATCH_PYTHON:-python3}}" code/workloads/scaling/cluster_status.py --submit {tasks})"
if [ -z "$found" ]; then
  echo "Nothing is missing: every experiment has a result or is running."
  exit 0
fi
read -r list last count <<< "$found"
echo "$count of {count} experiments in $((last + 1)) tasks, at most $most at once."
exec sbatch --array="0-$last%$most" "$@" array.sbatch "$((last + 1))" "$list"
"""
STATUS = """#!/bin/bash
# How far it is, by the result files alone.
exec "${{MINIBATCH_PYTHON:-python3}}" "$(dirname "$0")/code/workloads/scaling/cluster_status.py"
"""
README = """{count} experiments for a cluster, in {tasks} tasks with {each} each.

1. Copy this folder there: rsync -az --exclude cache <this folder>/ user@cluster:array/
   The jobs need Python 3.11 or later with PyTorch and NumPy: set MINIBATCH_PYTHON to it.
2. Adapt the #SBATCH lines of array.sbatch: partition, account, time, memory. A run takes {each}: keep --gpus-per-task.
3. ./submit.sh 4        # at most four tasks at once; each writes logs/<job>_<task>.log
4. ./status.sh          # what is done, running, cut off and not begun, by the files alone
   ./submit.sh 4        # again: submits only what is neither done nor running, and goes on at checkpoints
5. Take the results over, from this machine, as often as you like: minibatch import user@cluster:array
   It fetches only what is new. Without it: rsync -az user@cluster:array/ <this folder>/ && minibatch import <this folder>
"""


def write(folder, plans, tasks=TASKS, gpus=0):
    """`plans`: what run.json says of each experiment. Files of an earlier export are replaced, results stay.

    `gpus` of each task; 0 = as many as the run takes that takes most.
    """
    tasks = max(1, min(tasks, len(plans)))
    gpus = gpus or max(processes_of(plan) for plan in plans)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PACKAGE, folder / "code" / "python" / "minibatch", ignore=NO_COPY, dirs_exist_ok=True)
    shutil.copytree(WORKLOAD, folder / "code" / "workloads" / "scaling", ignore=NO_COPY, dirs_exist_ok=True)
    kept = ("batch", "index", "name", "workload", "workloadVersion", "identity", "parameters", "seed", "batchSeed")
    runs = [
        {**{name: plan[name] for name in kept}, "devices": processes_of(plan), "folder": f"runs/{at:04d}-{slug(plan['name'])}"}
        for at, plan in enumerate(plans)
    ]
    (folder / "experiments.json").write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    words = {
        "last": tasks - 1, "tasks": tasks, "count": len(plans), "gpus": gpus, "cpus": CPUS * gpus, "memory": MEMORY_GB * gpus,
        "each": "1 GPU" if gpus == 1 else f"{gpus} GPUs",
    }  # fmt: skip
    for name, text in {"array.sbatch": ARRAY, "submit.sh": SUBMIT, "status.sh": STATUS, "README.txt": README}.items():
        (folder / name).write_text(text.format(**words), encoding="utf-8")
        if name.endswith(".sh"):
            (folder / name).chmod(0o755)


def processes_of(plan):
    """Of a run: a plan says how many, a run.json which."""
    devices = plan.get("devices") or 1
    return devices if isinstance(devices, int) else len(devices)


def slug(name):
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


def main():
    parser = argparse.ArgumentParser(description="Writes a SLURM array for the experiments of a plan on standard input.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tasks", type=int, default=TASKS)
    parser.add_argument("--gpus", type=int, default=0, help="of each task; as many as a run takes, unless said")
    arguments = parser.parse_args()
    plan = json.load(sys.stdin)
    if plan["workload"] != "scaling":
        parser.error(f"This is a plan of {plan['workload']}, not of scaling.")
    version = int(re.search(r"^version: (\d+)", (WORKLOAD / "manifest.yaml").read_text(encoding="utf-8"), re.MULTILINE)[1])
    shared = {"batch": "cluster", "workload": "scaling", "workloadVersion": version}
    chosen = [
        {**one, **shared, "parameters": one["configuration"], "batchSeed": one["configuration"]["dataSeed"]}
        for one in plan["experiments"]
        if one["action"] != "skip"
    ]
    if not chosen:
        parser.error("Every experiment of this plan has a result already.")
    write(arguments.folder, chosen, arguments.tasks, arguments.gpus)
    print(f"{len(chosen)} experiments in {arguments.folder}; see README.txt there.")


if __name__ == "__main__":
    main()
