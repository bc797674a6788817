"""Plays the games, measures batch sizes, or trains a network on the games: which of these, the parameter `kind` says."""

import json
import time

import numpy as np
import torch

from experiments import CONSTANT_VALUE_LOSS, SETTINGS, SHAPES, parameter_count, standardised, uniform_policy_loss
from flood import spans
from game_data import load_games, load_part, split_games
from minibatch.memory import peak_resident_bytes
from network import build
from positions import Positions
from probe import is_out_of_memory, measure
from report import csv_text, experiment_document, json_text, metric_lines
from rules import RED, winner
from sanity import warnings
from self_play import SelfPlay
from settings import data_spec, recipe_of, shape_of
from training import Recipe, Training

ROWS = "rows.json"


def tiny_training(device):
    play = SelfPlay(5, 4, 8, 0.02, 0)
    play.play()
    play.check()
    positions = Positions(play, np.arange(4), 5, device)
    first = SETTINGS[0].parameters()
    recipe = Recipe(first["learningRate"], 0.1, 1e-4, 0.5, 0.5, epochs=1, batch_size=32, augmentation=True, mixed_precision=True)
    return Training(SHAPES["small"], recipe, positions, positions, device)


def warm_up():
    """What a first step would otherwise load: the kernels of convolutions and their way back."""
    tiny_training("cpu").train_epoch()


def smoke(device):
    """Both judges of a game agree, both networks are what their names say, and a step works on the device."""
    boards = np.random.default_rng(0).integers(0, 3, (50, 6, 6))
    if [winner(board) == RED for board in boards] != spans(boards == RED).tolist():
        raise RuntimeError("Union-find and flood fill disagree about who has won.")
    tiny_training(device).train_epoch()
    with torch.device("meta"):
        build(SHAPES["resnet18"], 13, 0.1, 0)


def main(run):
    torch.set_flush_denormal(True)
    {"games": play_games, "probe": probe_batches, "training": train}[run.parameters.kind](run)


def patient(run):
    """Waits while another run plays, and lets a stop through."""

    def wait(seconds):
        run.stop_point()
        time.sleep(seconds)

    return wait


def watched(run, total):
    def watch(finished):
        run.progress(finished, total, "games")
        run.stop_point()

    return watch


def play_games(run):
    spec, part = data_spec(run.parameters.data), run.parameters.part
    run.phase("self-play")
    games = load_part(spec, part, run.cache_folder, watched(run, spec.part_games(part)), run.message, patient(run))
    plies = games.plies
    found = {
        "games": len(plies),
        "positions": int(plies.sum() + len(plies)),
        "plies, mean": round(float(plies.mean()), 3),
        "plies, shortest": int(plies.min()),
        "plies, longest": int(plies.max()),
        "won by Blue": round(float((games.winners != RED).mean()), 6),
    }
    run.row(found)
    run.progress(len(plies), len(plies), "games")
    plies_mean, blue = found["plies, mean"], found["won by Blue"]
    run.message(f"{spec.title(part)}: {found['positions']} positions, {plies_mean:.1f} plies on average, Blue won {blue:.0%}.")
    run.finish(found)


def probe_batches(run):
    parameters, shape = run.parameters, shape_of(run.parameters)
    best, sizes = None, parameters.batchSizes
    run.phase("batch probe")
    for done, size in enumerate(sizes):
        run.progress(done, len(sizes), "batch sizes")
        run.stop_point()
        try:
            row = measure(shape, parameters.board, size, run.device, parameters.mixedPrecision)
        except RuntimeError as problem:
            if not is_out_of_memory(problem):
                raise
            run.message(f"A batch of {size} does not fit into the memory of {run.device}.", "warning")
            continue
        row["memoryMb"] = round((run.memory()["peak"] or run.memory()["driver"] or 0) / 2**20, 1)
        run.row(row)
        run.metric(size, {"speed/positions a second": row["samplesPerSecond"]})
        run.message(f"Batches of {size}: {row['samplesPerSecond']:.0f} positions a second, {1e3 * row['stepSeconds']:.1f} ms a step.")
        best = max(best or row, row, key=lambda one: one["samplesPerSecond"])
    if best is None:
        raise RuntimeError(f"None of the batch sizes fits into the memory of {run.device}: give smaller ones.")
    run.finish({"fastest batch size": best["batchSize"], "positions a second": best["samplesPerSecond"]})


class Course:
    """A training under way with the rows of its finished epochs."""

    def __init__(self, run):
        self.run, parameters = run, run.parameters
        self.rows, spec = [], data_spec(parameters.data)
        run.phase("data")
        games = load_games(spec, run.cache_folder, watched(run, spec.games), run.message, patient(run))
        own, held = (Positions(games, part, spec.board, run.device, parameters.positions) for part in split_games(spec))
        self.shape, self.recipe = shape_of(parameters), recipe_of(parameters)
        self.training = Training(self.shape, self.recipe, own, held, run.device)
        self.guess = uniform_policy_loss(spec.board)
        self.legal_guess = held.legal_uniform_loss()
        run.message(
            f"{len(own)} positions to train on, {len(held)} to validate. {self.shape.title}, "
            f"{parameter_count(self.shape, spec.board):,} parameters. "
            f"Policy weight {self.recipe.policy_weight:g}, value weight {self.recipe.value_weight:g}."
        )

    def save(self, folder):
        (folder / ROWS).write_text(json.dumps(self.rows))
        self.training.save(folder)

    def restore(self, folder):
        self.rows = json.loads((folder / ROWS).read_text())
        self.training.restore(folder)
        self.run.restore_rows(self.rows)
        for row in self.rows:
            self.show(row)
        self.run.message(f"Goes on after {self.training.epoch} of {self.recipe.epochs} epochs.")

    def progress(self, step=0):
        steps = self.training.steps
        self.run.progress(self.training.epoch * steps + step, self.recipe.epochs * steps, "steps")

    def watch(self, step, loss):
        self.progress(step)
        if loss is not None:
            self.run.metric(self.training.epoch * self.training.steps + step, {"step/loss": loss})

    def train_epoch(self):
        row = self.training.train_epoch(self.watch)
        row |= {"loss": row["standardisedLoss"], "positions": len(self.training.training), "finishedAt": time.time()}
        used = self.run.memory()
        row["memoryMb"] = round(peak_resident_bytes() / 2**20, 1)
        row["gpuMemoryMb"] = None if self.run.device == "cpu" else round((used["driver"] or used["allocated"] or 0) / 2**20, 1)
        row["warnings"] = warnings([*self.rows, row])
        self.rows.append(row)
        self.run.row(row)
        self.show(row)
        for sentence in row["warnings"]:
            self.run.message(sentence, "warning")
        self.run.message(
            f"Epoch {row['epoch']} of {self.recipe.epochs}: standardised {row['standardisedLoss']:.4f}, as weighted {row['validationLoss']:.4f}"
            f" · policy {row['policyLoss']:.4f}, value {row['valueLoss']:.4f} · {row['top1']:.1%} of moves foreseen"
            f" · {row['samplesPerSecond']:.0f} positions/s{' · best so far' if row['best'] else ''}"
        )

    def show(self, row):
        """The curves of an epoch; constant ones are what guessing reaches."""
        self.run.metric(
            row["epoch"],
            {
                "standardised/train": row["trainStandardisedLoss"],
                "standardised/validation": row["standardisedLoss"],
                "standardised/guess": standardised(self.guess, CONSTANT_VALUE_LOSS),
                "loss/train": row["trainLoss"],
                "loss/validation": row["validationLoss"],
                "policy/train": row["trainPolicyLoss"],
                "policy/validation": row["policyLoss"],
                "policy/guess, any cell": self.guess,
                "policy/guess, empty cells": self.legal_guess,
                "value/train": row["trainValueLoss"],
                "value/validation": row["valueLoss"],
                "value/guess": CONSTANT_VALUE_LOSS,
                "accuracy/policy top-1": row["top1"],
                "accuracy/value": row["valueAccuracy"],
                "norm/gradient": row["gradientNorm"],
                "norm/weights": row["weightNormMean"],
                "speed/positions a second": row["samplesPerSecond"],
            },
        )

    def game_rows(self):
        """The losses of the best network on each validation game: what experiments are compared by."""
        self.training.best()
        _, losses = self.training.evaluate()
        for game, values in enumerate(losses.tolist()):
            policy, value, standard = values
            raw = self.recipe.policy_weight * policy + self.recipe.value_weight * value
            yield {"game": game, "measure": "standardised", "weights": "standard", "loss": standard}
            yield {"game": game, "weights": "own (raw)", "loss": raw}
            yield {"game": game, "head": "policy", "loss": policy}
            yield {"game": game, "head": "value", "loss": value}
        yield {"measure": "guess", "loss": standardised(self.guess, CONSTANT_VALUE_LOSS)}
        yield {"head": "policy, guess", "loss": self.guess}
        yield {"head": "value, guess", "loss": CONSTANT_VALUE_LOSS}

    def summary(self, document):
        return {
            "standardised loss": round(document["best_val_loss_standardized"], 6),
            "raw loss, not comparable": round(document["best_val_loss_raw"], 6),
            "policy loss": round(document["val_policy_loss"], 6),
            "value loss": round(document["val_value_loss"], 6),
            "policy top-1": round(document["val_policy_top1"], 6),
            "value accuracy": round(document["val_value_accuracy"], 6),
            "best epoch": document["best_epoch"],
            "epochs": document["epochs_trained"],
            "stopped early": document["early_stopped"],
            "positions a second": round(self.rows[-1]["samplesPerSecond"], 1),
        }


def train(run):
    course = Course(run)
    if run.resume_folder is not None and (run.resume_folder / ROWS).is_file():
        course.restore(run.resume_folder)
    run.phase("training")
    course.progress()
    while not course.training.finished:
        course.train_epoch()
        run.checkpoint(f"epoch {course.training.epoch}", course.save)
        run.stop_point()
    run.phase("best network")
    for row in course.game_rows():
        run.row(row)
    document = experiment_document(run.plan["name"], run.plan["parameters"], course.rows)
    (run.artifacts / "experiment_results.json").write_text(json_text(document))
    (run.artifacts / "training_metrics.csv").write_text(csv_text(metric_lines(run.plan["name"], run.plan["parameters"], course.rows)))
    torch.save(course.training.stopping.best_weights, run.artifacts / "best_model.pt")
    if document["early_stopped"]:
        run.message(f"Stopped early: no better epoch in {course.recipe.patience}.")
    course.progress()
    run.finish(course.summary(document))
