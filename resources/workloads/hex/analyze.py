"""Writes the tables of all trainings into `tuning/`. `analyze.py tuning <output folder>`; see docs/formats.md."""

import json
import shutil
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from report import csv_text, experiment_document, json_text, metric_lines, overall_document, replace

SUMMARY = (
    "rank_standardized", "rank_raw", "experiment_name", "policy_weight", "value_weight", "learning_rate", "dropout_prob", "weight_decay",
    "best_epoch", "epochs_trained", "val_policy_loss", "val_value_loss", "best_val_loss_standardized", "best_val_loss_raw", "val_policy_top1",
)  # fmt: skip


def named(results):
    """The trainings, each with a name of its own: a second of the same name is counted."""
    found, taken = [], set()
    for result in results:
        if result["parameters"].get("kind") != "training":
            continue
        name, number = result["name"], 1
        while name in taken:
            number += 1
            name = f"{result['name']}_{number}"
        taken.add(name)
        found.append((name, result))
    return found


def summary_lines(overall):
    places = {key: {name: place + 1 for place, name in enumerate(overall[key])} for key in ("ranking", "ranking_raw")}
    for one in sorted(overall["experiments"], key=lambda one: places["ranking"].get(one["experiment_name"], len(overall["experiments"]))):
        name, config = one["experiment_name"], one["config"]
        yield {
            **{column: one[column] for column in SUMMARY if column in one},
            "rank_standardized": places["ranking"].get(name),
            "rank_raw": places["ranking_raw"].get(name),
            "policy_weight": config["policyWeight"],
            "value_weight": config["valueWeight"],
            "learning_rate": config["learningRate"],
            "dropout_prob": config["dropout"],
            "weight_decay": config["weightDecay"],
        }


def main(arguments):
    if len(arguments) != 2 or arguments[0] != "tuning":
        print("Usage: analyze.py tuning <output folder>; tuning is the only format.", file=sys.stderr)
        return 2
    folder = Path(arguments[1]) / "tuning"
    lines, documents = [], []
    for name, result in named(json.load(sys.stdin)["results"]):
        own, parameters = folder / name, result["parameters"]
        own.mkdir(parents=True, exist_ok=True)
        documents.append(experiment_document(name, parameters, result["rows"]))
        metrics = metric_lines(name, parameters, result["rows"])
        lines += metrics
        replace(own / "config.json", json_text(parameters))
        replace(own / "experiment_results.json", json_text(documents[-1]))
        replace(own / "training_metrics.csv", csv_text(metrics))
        weights = Path(result["folder"]) / "artifacts" / "best_model.pt"
        if weights.is_file():
            shutil.copyfile(weights, own / weights.name)
    folder.mkdir(parents=True, exist_ok=True)
    overall = overall_document(documents)
    replace(folder / "overall_results.json", json_text(overall))
    replace(folder / "training_metrics.csv", csv_text(lines))
    replace(folder / "summary.csv", csv_text(summary_lines(overall), SUMMARY))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
