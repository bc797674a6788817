"""The documents of a training, with the columns of the study that this one follows. Standard library only: training and export both write them."""

import csv
import io
import json
import os
import time

from experiments import CONSTANT_VALUE_LOSS, SHAPES, STANDARD_POLICY, STANDARD_VALUE, standardised, uniform_policy_loss

COLUMNS = (
    "experiment_name", "date", "timestamp", "epoch", "learning_rate", "batch_size", "dataset_size", "network_structure",
    "policy_weight", "value_weight", "total_loss_weight", "dropout_prob", "weight_decay", "policy_loss", "value_loss",
    "total_loss", "val_policy_loss", "val_value_loss", "val_total_loss", "training_time", "epoch_time",
    "samples_per_second", "memory_usage_mb", "gpu_memory_mb", "early_stopped", "best_val_loss", "epochs_trained",
    "gradient_norm", "weight_norm_mean", "weight_norm_std", "notes",
    # What the study computed afterwards, and the share of moves foreseen.
    "standardized_loss", "val_standardized_loss", "val_policy_top1", "val_value_accuracy",
)  # fmt: skip


def epochs_of(rows):
    return [row for row in rows if "epoch" in row]


def best_row(rows):
    """The last epoch that was better than all before it: the one whose weights were kept."""
    return next((row for row in reversed(epochs_of(rows)) if row["best"]), None)


def metric_lines(name, parameters, rows):
    """A line for each epoch and one with the epoch SUMMARY, as dictionaries by column."""
    epochs, best = epochs_of(rows), best_row(rows)
    if not epochs:
        return []
    shared = {
        "experiment_name": name,
        "learning_rate": parameters["learningRate"],
        "batch_size": parameters["batchSize"],
        "dataset_size": epochs[0]["positions"],
        "network_structure": SHAPES[parameters["network"]].title,
        "policy_weight": parameters["policyWeight"],
        "value_weight": parameters["valueWeight"],
        "total_loss_weight": round(parameters["policyWeight"] + parameters["valueWeight"], 12),
        "dropout_prob": parameters["dropout"],
        "weight_decay": parameters["weightDecay"],
    }
    lines, passed, least = [], 0.0, None
    for row in epochs:
        passed += row["seconds"]
        if isinstance(row["validationLoss"], float) and (least is None or row["validationLoss"] < least):
            least = row["validationLoss"]
        so_far = {"training_time": round(passed, 3), "early_stopped": False, "best_val_loss": least, "epochs_trained": row["epoch"]}
        lines.append({**shared, **line(row), **so_far})
    ended = {"epoch": "SUMMARY", "training_time": round(passed, 3), "early_stopped": stopped_early(parameters, epochs)}
    ended |= {"best_val_loss": best and best["validationLoss"], "epochs_trained": len(epochs), "notes": best_note(best)}
    return [*lines, {**shared, **line(best or epochs[-1]), **ended}]


def line(row):
    return {
        "date": time.strftime("%Y-%m-%d", time.localtime(row["finishedAt"])),
        "timestamp": round(row["finishedAt"], 3),
        "epoch": row["epoch"],
        "policy_loss": row["trainPolicyLoss"],
        "value_loss": row["trainValueLoss"],
        "total_loss": row["trainLoss"],
        "val_policy_loss": row["policyLoss"],
        "val_value_loss": row["valueLoss"],
        "val_total_loss": row["validationLoss"],
        "epoch_time": row["seconds"],
        "samples_per_second": row["samplesPerSecond"],
        "memory_usage_mb": row["memoryMb"],
        "gpu_memory_mb": row["gpuMemoryMb"],
        "gradient_norm": row["gradientNorm"],
        "weight_norm_mean": row["weightNormMean"],
        "weight_norm_std": row["weightNormStd"],
        "notes": " ".join(row["warnings"]),
        "standardized_loss": row["trainStandardisedLoss"],
        "val_standardized_loss": row["standardisedLoss"],
        "val_policy_top1": row["top1"],
        "val_value_accuracy": row["valueAccuracy"],
    }


def best_note(best):
    return "no epoch with a finite loss" if best is None else f"losses of epoch {best['epoch']}, the best by the standardized loss"


def stopped_early(parameters, epochs):
    return len(epochs) < parameters["epochs"]


def experiment_document(name, parameters, rows):
    """What one training came to, without anything that a clock says."""
    best, epochs = best_row(rows), epochs_of(rows)
    return {
        "experiment_name": name,
        "config": {**parameters, "network_structure": SHAPES[parameters["network"]].title},
        "best_epoch": best and best["epoch"],
        "epochs_trained": len(epochs),
        "early_stopped": stopped_early(parameters, epochs),
        "val_policy_loss": best and best["policyLoss"],
        "val_value_loss": best and best["valueLoss"],
        "best_val_loss_raw": best and best["validationLoss"],
        "best_val_loss_standardized": best and best["standardisedLoss"],
        "val_policy_top1": best and best["top1"],
        "val_value_accuracy": best and best["valueAccuracy"],
        "warnings": [sentence for row in epochs for sentence in row["warnings"]],
        "baselines": baselines(parameters["data"]["board"]),
    }


def baselines(board):
    policy = uniform_policy_loss(board)
    return {
        "uniform_policy_loss": policy,
        "constant_value_loss": CONSTANT_VALUE_LOSS,
        "standardized_loss": standardised(policy, CONSTANT_VALUE_LOSS),
    }


def overall_document(experiments):
    """All trainings ranked twice. Only those with a best epoch are ranked."""
    ranked = [one for one in experiments if one["best_epoch"] is not None]

    def order(key):
        return [one["experiment_name"] for one in sorted(ranked, key=lambda one: one[key])]

    by_standard, by_raw = order("best_val_loss_standardized"), order("best_val_loss_raw")
    return {
        "ranking": by_standard,
        "ranking_by": f"{STANDARD_POLICY} policy + {STANDARD_VALUE} value",
        "ranking_raw": by_raw,
        "ranking_raw_is_comparable": len({(one["config"]["policyWeight"], one["config"]["valueWeight"]) for one in ranked}) <= 1,
        "moved": {name: by_raw.index(name) - place for place, name in enumerate(by_standard) if by_raw.index(name) != place},
        "experiments": experiments,
    }


def csv_text(lines, columns=COLUMNS):
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    table.writeheader()
    table.writerows(lines)
    return text.getvalue()


def json_text(document):
    return json.dumps(document, indent=1) + "\n"


def replace(path, text):
    """Whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)
