"""What runs would start. Reads {"runs": [run.json, ..]} from standard input; writes nothing; standard library only."""

import json
import sys
from pathlib import Path
from types import SimpleNamespace

from command_words import build
from train import added_environment, built_in_texts
from work_folder import folder_of


def preview(plan):
    parameters = plan["parameters"]
    folder = Path(plan["workingFolder"])
    devices = plan.get("devices") or [plan["device"]]
    run = SimpleNamespace(
        plan=plan, seed=plan["seed"], folder=folder, device=plan["device"], devices=devices, threads=plan["threads"]
    )
    built_in = built_in_texts(run, parameters)
    frozen = parameters["code"] is not None
    return {
        "command": build(parameters, built_in),
        "environment": added_environment(run, parameters, built_in),
        "workingFolder": str(folder_of(folder, plan["sourceFolder"], frozen) / parameters["folder"]),
    }


if __name__ == "__main__":
    json.dump({"commands": [preview(plan) for plan in json.load(sys.stdin)["runs"]]}, sys.stdout)
