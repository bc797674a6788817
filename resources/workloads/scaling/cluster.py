"""Experiments as an array of jobs for SLURM: a folder that carries its code, and whose results `minibatch import` takes.

    minibatch plan scaling/widths --json | python3 cluster.py <folder> [--tasks 8]

Standard library only. Without a batch on this machine: identities and seeds are those of the plan.
"""

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

TASKS = 8
WORKLOAD = Path(__file__).resolve().parent
PACKAGE = WORKLOAD.parents[1] / "python" / "minibatch"
NO_COPY = shutil.ignore_patterns("__pycache__", "*.pyc")

ARRAY = """#!/bin/bash
#SBATCH --job-name=scaling
#SBATCH --array=0-{last}
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=4
#SBATCH --mem=32G
#SBATCH --gres=gpu:1
#SBATCH --requeue
#SBATCH --output=logs/%A_%a.log
# Task k takes the experiments k, k + {tasks}, k + 2 * {tasks}, ...: no task is idle while another has two to do.
set -euo pipefail
cd "${{SLURM_SUBMIT_DIR:?Submit it from its folder, with ./submit.sh.}}"
exec "${{MINIBATCH_PYTHON:-python3}}" code/workloads/scaling/cluster_task.py "$SLURM_ARRAY_TASK_ID" {tasks}
"""
SUBMIT = """#!/bin/bash
# ./submit.sh [how many tasks may run at once]; further words go to sbatch.
set -euo pipefail
cd "$(dirname "$0")"
mkdir -p logs
most="${{1:-{tasks}}}"
shift || true
exec sbatch --array="0-{last}%$most" "$@" array.sbatch
"""
README = """{count} experiments for a cluster, in {tasks} tasks.

1. Copy this folder to the cluster. The jobs need Python 3.11 or later with PyTorch and NumPy: set MINIBATCH_PYTHON to it.
2. Adapt the #SBATCH lines of array.sbatch: partition, account, time, memory, GPUs.
3. ./submit.sh 4        # at most four tasks at once
4. Copy the folder back and take the results over: minibatch import <this folder>

An experiment that has a result is not run again, and one that was cut off goes on at its checkpoint: submit again.
"""


def write(folder, plans, tasks=TASKS):
    """`plans`: what run.json says of each experiment. Files of an earlier export are replaced, results stay."""
    tasks = max(1, min(tasks, len(plans)))
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(PACKAGE, folder / "code" / "python" / "minibatch", ignore=NO_COPY, dirs_exist_ok=True)
    shutil.copytree(WORKLOAD, folder / "code" / "workloads" / "scaling", ignore=NO_COPY, dirs_exist_ok=True)
    kept = ("batch", "index", "name", "workload", "workloadVersion", "identity", "parameters", "seed", "batchSeed")
    runs = [{**{name: plan[name] for name in kept}, "folder": f"runs/{at:04d}-{slug(plan['name'])}"} for at, plan in enumerate(plans)]
    (folder / "experiments.json").write_text(json.dumps(runs, indent=1) + "\n", encoding="utf-8")
    (folder / "array.sbatch").write_text(ARRAY.format(last=tasks - 1, tasks=tasks), encoding="utf-8")
    (folder / "submit.sh").write_text(SUBMIT.format(last=tasks - 1, tasks=tasks), encoding="utf-8")
    (folder / "submit.sh").chmod(0o755)
    (folder / "README.txt").write_text(README.format(count=len(plans), tasks=tasks), encoding="utf-8")


def slug(name):
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-")


def main():
    parser = argparse.ArgumentParser(description="Writes a SLURM array for the experiments of a plan on standard input.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tasks", type=int, default=TASKS)
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
    write(arguments.folder, chosen, arguments.tasks)
    print(f"{len(chosen)} experiments in {arguments.folder}; see README.txt there.")


if __name__ == "__main__":
    main()
