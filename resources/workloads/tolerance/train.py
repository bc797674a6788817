"""Finds the smallest fixed-point scale at which a layer or a trained network stays within its output tolerance."""

import json
import time

import torch

from experiments import BY_NAME, mapped_scale
from fixed_point import FixedPoint
from images import images
from layers import build, parameter_count, standard_input
from minibatch.memory import peak_resident_bytes
from report import document, file_name
from study import Study, minimum_scale, spread
from training import EPOCH_FILE, Recipe, Training, keep_weights, kept_weights

STATE = "state.json"


def warm_up():
    """What a first step would otherwise load: the kernels of training and of float64 products."""
    layer = BY_NAME["CNN_Strided"]
    training = Training(layer, Recipe(layer.name, 0, 8, 1), "cpu")
    training.train_epoch()
    Study(training.trained(), images(0, "test", 2)[0]).row(4, 1.0)


class Course:
    """What of an experiment is done: rows of finished scales, and epochs of a training that is under way."""

    def __init__(self, run, settings):
        self.run, self.settings = run, settings
        self.layer = BY_NAME[settings.layer]
        self.rows, self.source = [], None
        self.scales = list(range(settings.scales[0], settings.scales[1] + 1))
        self.epochs = settings.epochs if self.layer.kind == "network" else 0

    def state(self):
        return {"rows": self.rows, "weights": self.source}

    def save(self, folder):
        (folder / STATE).write_text(json.dumps(self.state()))

    def restore(self):
        folder = self.run.resume_folder
        if folder is None or not (folder / STATE).is_file():
            return
        state = json.loads((folder / STATE).read_text())
        self.rows, self.source = state["rows"], state["weights"]
        self.run.restore_rows(self.rows)
        if self.rows:
            self.run.message(f"Goes on after {len(self.rows)} of {len(self.scales)} scales.")

    def progress(self, epochs):
        self.run.progress(epochs + len(self.rows), self.epochs + len(self.scales), "steps")


def check(layer, seed):
    """The layer is what its name says, and computes in integers: a mistake shows before the long part."""
    module = build(layer, seed)
    count = parameter_count(module)
    if count != layer.parameters:
        raise RuntimeError(f"{layer.name} has {count} parameters and should have {layer.parameters}.")
    inputs = images(seed, "test", 2)[0] if layer.kind == "network" else standard_input(layer, seed)
    with torch.no_grad():
        FixedPoint(4).run(module, inputs)


def smoke(device):
    """Every kind of operation once, and a step of training on the device; called before a batch starts."""
    for name in ("ReLU", "SiLU", "Tanh", "Poly", "MaxPool2d_k2", "AvgPool2d_k2", "BatchNorm2d", "LayerNorm", "Dense"):
        check(BY_NAME[name], 0)
    layer = BY_NAME["CNN_Strided"]
    training = Training(layer, Recipe(layer.name, 0, 8, 1), device)
    training.train_epoch()
    Study(training.trained(), *images(0, "test", 2)).row(4, 1.0)


def trained_network(course):
    """The trained network: from an experiment of the same network, or trained here, epoch by epoch."""
    run, settings, layer = course.run, course.settings, course.layer
    recipe = Recipe(layer.name, settings.dataSeed, settings.images, settings.epochs)
    path = recipe.weights_file(run.cache_folder, run.device)
    module = kept_weights(path, layer, recipe.seed)
    if module is not None:
        course.source = course.source or "reused"
        run.message(f"{layer.name} was trained before; its weights are used again.")
        return module
    training = Training(layer, recipe, run.device)
    if run.resume_folder is not None and (run.resume_folder / EPOCH_FILE).is_file():
        training.restore(run.resume_folder)
        run.message(f"Goes on after {training.epoch} of {recipe.epochs} epochs.")
    course.source = "trained here"
    while not training.finished:
        loss = training.train_epoch()
        run.metric(training.epoch, {"training/loss": loss})
        run.message(f"Epoch {training.epoch} of {recipe.epochs}: loss {loss:.4f}")
        course.progress(training.epoch)
        run.checkpoint(f"epoch {training.epoch}", lambda folder: (course.save(folder), training.save(folder)))
        run.stop_point()
    module = training.trained()
    run.cache_folder.mkdir(parents=True, exist_ok=True)
    keep_weights(path, module)
    return module


def prepare(course):
    """The study of a layer on one random input, or of a network on test images."""
    settings, layer = course.settings, course.layer
    if layer.kind != "network":
        return Study(build(layer, settings.dataSeed), standard_input(layer, settings.dataSeed))
    course.run.phase("training")
    module = trained_network(course)
    return Study(module, *images(settings.dataSeed, "test", settings.testImages))


def study_scales(course, study):
    run, settings = course.run, course.settings
    run.phase("scales")
    for scale in course.scales[len(course.rows) :]:
        row = study.row(scale, settings.tolerance)
        course.rows.append(row)
        run.row(row)
        values = {"error/max": row["maxErrorPercent"], "error/l2": row["l2ErrorPercent"]}
        if "fixedAccuracy" in row:
            values["accuracy/fixed"] = row["fixedAccuracy"]
        run.metric(scale, values)
        course.progress(course.epochs)
        if course.epochs or scale == course.scales[-1]:
            run.checkpoint(f"scale {scale}", course.save)
        run.stop_point("stop", course.save)


def outcome(course, study):
    """What is shown beside the name, and what only this machine at this moment can say."""
    settings = course.settings
    smallest = minimum_scale(course.rows)
    at = mapped_scale(settings.tolerance)
    row = next((row for row in course.rows if row["scale"] == at), None)
    latency = study.latency(smallest or course.scales[-1], settings.repeats)
    summary = {"minimum scale": smallest}
    if row is not None:
        summary[f"error at scale {at}, %"] = row["maxErrorPercent"]
    if study.classes is not None:
        found = next((one["fixedAccuracy"] for one in course.rows if one["scale"] == smallest), None)
        summary |= {"accuracy, float": study.float_accuracy, "accuracy, fixed": found, "weights": course.source}
    measured = {"latency": {kind: spread(seconds) for kind, seconds in latency.items()}}
    measured["peakMemoryMb"] = round(peak_resident_bytes() / 2**20, 1)
    measured["floatAccuracy"] = study.float_accuracy
    measured["run"] = made(course.run)
    summary |= {f"{kind}, ms": round(1e3 * latency["mean"], 4) for kind, latency in measured["latency"].items()}
    return summary, measured


def made(run):
    """How the result came about: enough for another workspace to take it over from the document alone."""
    seconds = round(time.monotonic() - run.began, 3)
    return {"device": run.device, "threads": run.threads, "started_at": run.started_at, "seconds": seconds, "versions": run.versions()}


def main(run):
    course = Course(run, run.parameters)
    check(course.layer, course.settings.dataSeed)
    course.restore()
    course.progress(0)
    study = prepare(course)
    study_scales(course, study)
    run.phase("latency")
    summary, measured = outcome(course, study)
    artifact = document(run.plan["parameters"], course.rows, measured)
    name = file_name(course.layer.name, course.settings.tolerance)
    (run.artifacts / name).write_text(json.dumps(artifact, indent=1) + "\n")
    smallest = summary["minimum scale"]
    found = f"scale {smallest}" if smallest else f"no scale up to {course.scales[-1]}"
    run.message(f"{course.layer.name}: {found} keeps the error within {course.settings.tolerance:g} %.")
    run.memory()
    run.finish(summary)
