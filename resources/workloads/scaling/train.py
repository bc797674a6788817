"""Trains one language model and measures it on the way: loss by step, tokens and operations."""

import json
import math
import sys
import time

import torch

from language import synthetic
from minibatch.memory import peak_resident_bytes
from minibatch.together import together
from settings import Settings
from sizes import item_bytes, memory_fraction, state_bytes
from training import STATE_FILE, Training, device_memory, saved_state

ROWS_FILE = "rows.json"
ROWS = 14  # measurements of a training, closer at its beginning
CURVE_POINTS = 60
CHECKPOINT_SECONDS = 10
TERMINAL_SECONDS = 0.2
FLAG_ERRORS = 3  # standard errors below the source that cannot be chance

TINY = Settings(
    "transformer", 16, 1, 1, 16, "gelu", True, 0.0, 16, 4, 2, 4, 0.01, "adamw", 0.1, "fan-in", "standard", 16, 16, 1, 0, 64, "", ""
)


def warm_up():
    """What a first step would otherwise load: the tables of the language, and the kernels of both models."""
    for architecture in ("transformer", "lstm"):
        tiny_step(architecture, "cpu")


def smoke(device):
    """A step, a measurement and the way into a checkpoint and back, of both models; called before a batch starts."""
    for architecture in ("transformer", "lstm"):
        found = tiny_step(architecture, device)
        if not math.isfinite(found["loss"]):
            raise RuntimeError(f"The loss of a first step of the {architecture} on {device} is {found['loss']}.")


def tiny_step(architecture, device):
    settings = TINY.__class__(**{**TINY.__dict__, "architecture": architecture})
    training = Training(settings, synthetic(), device, device_memory(device))
    training.step()
    return training.evaluate()


def measured_steps(steps):
    """The untrained model, then steps that grow by a factor, the last one always."""
    first = max(1, steps // 40)
    grown = (round(first * (steps / first) ** (at / (ROWS - 1))) for at in range(ROWS))
    return sorted({0, steps, *grown})


def training_of(run, settings, rank=0):
    """The training of one process of a run, at its checkpoint if there is one; and whether there is."""
    state = None
    if run.resume_folder is not None and (run.resume_folder / STATE_FILE).is_file():
        state = saved_state(run.resume_folder, run.device)
    processes, limit = len(run.devices), run.plan.get("memoryLimitMb")
    memory = device_memory(run.device, limit and limit << 20)
    if not run.device.startswith("cuda"):
        memory //= processes  # the one that the machine has
    # Other parts of a batch would round differently.
    parts = state["accumulation"] if state else 0
    training = Training(settings, settings.language(), run.device, memory, parts, rank, processes)
    if state is not None:
        training.restore(state)
    return training, state is not None


class Course:
    """What of a training is done: its rows so far, and how to go on."""

    def __init__(self, run, settings):
        self.run, self.settings = run, settings
        self.rows = []
        self.training, resumed = training_of(run, settings)
        if resumed:
            self.rows = json.loads((run.resume_folder / ROWS_FILE).read_text())
        self.to_measure = measured_steps(settings.steps)
        self.every = max(1, settings.steps // CURVE_POINTS)
        self.saved = self.drawn = self.since = time.monotonic()
        self.counted = 0
        if resumed:
            self.counted = self.training.steps
            run.restore_rows(self.rows)
            run.message(f"Goes on after {self.training.steps} of {settings.steps} steps.")
            run.checkpoint("restored", self.save)

    def save(self, folder):
        self.training.save(folder)
        (folder / ROWS_FILE).write_text(json.dumps(self.rows))
        self.saved = time.monotonic()

    def go(self):
        training, steps = self.training, self.settings.steps
        if not self.rows:
            self.measure()
        while training.steps < steps:
            training.step()
            self.say()
            if training.steps in self.to_measure:
                self.measure()
            if time.monotonic() - self.saved > CHECKPOINT_SECONDS:
                self.run.checkpoint(f"step {training.steps}", self.save)
            self.run.stop_point(f"step {training.steps}", self.save)

    def say(self):
        """Loss, rate and speed of some steps; progress and a line in the terminal of all."""
        training, run = self.training, self.run
        done, now = training.steps, time.monotonic()
        run.progress(done, self.settings.steps, "steps")
        if done % self.every == 0:
            loss = float(training.losses[-1])
            speed = (done - self.counted) * self.settings.batch * self.settings.sequence / max(1e-9, now - self.since)
            self.counted, self.since = done, now
            tokens = done * self.settings.batch * self.settings.sequence
            run.metric(done, {"loss/train": loss, "schedule/learning rate": training.rate, "speed/tokens per s": round(speed, 1), "progress/tokens": tokens})
        if sys.stdout.isatty() and now - self.drawn > TERMINAL_SECONDS:
            self.drawn = now
            print(f"\r\x1b[Kstep {done} of {self.settings.steps} · loss {float(training.losses[-1]):.3f}", end="", flush=True)

    def measure(self):
        training, run = self.training, self.run
        found = training.evaluate()
        shape, tokens = training.shape, training.tokens
        row = {
            "step": training.steps,
            "tokens": tokens,
            "trainingLoss": rounded(training.taken_losses()),
            "validationLoss": rounded(found["loss"]),
            "validationError": rounded(found["error"]),
            "learningRate": rounded(training.rate if training.steps else 0.0),
            "flops": shape.flops(tokens),
            "countedFlops": shape.counted_flops(tokens),
        }
        if "above" in found:
            row["aboveSource"] = rounded(found["above"])
            row["belowSource"] = found["above"] < -FLAG_ERRORS * found["above_error"]
        if training.steps == self.settings.steps:
            # What experiments are compared by: the other rows lack it.
            row["finalLoss"] = row["validationLoss"]
        self.rows.append(row)
        run.row(row)
        above = {"loss/above source": found["above"]} if "above" in found else {}
        run.metric(training.steps, {"loss/validation": found["loss"], **above})
        if sys.stdout.isatty():
            print("\r\x1b[K", end="", flush=True)
        text = f"Step {training.steps} of {self.settings.steps}: validation loss {found['loss']:.4f} ± {found['error']:.4f}"
        run.message(text + (f", {found['above']:.4f} above the source" if "above" in found else ""))
        if row.get("belowSource"):
            run.message("The loss is below the entropy of the source by more than chance: something is wrong here.", "warning")
        if training.steps:
            run.checkpoint(f"step {training.steps}", self.save)


def main(run):
    # Moments that fall below the smallest normal float make a processor a hundred times slower.
    torch.set_flush_denormal(True)
    settings = Settings.of(run.parameters)
    run.phase("training")
    with together(run):
        course = Course(run, settings)
        course.go()
        run.finish(summary_of(course, run.memory()))


def part(part):
    """What the other processes of a run on several devices do: the same steps with their share of each batch."""
    torch.set_flush_denormal(True)
    settings = Settings.of(part.parameters)
    training, _ = training_of(part, settings, part.rank)
    while training.steps < settings.steps:
        training.step()


def summary_of(course, memory):
    training, settings, last = course.training, course.settings, course.rows[-1]
    shape, part = training.shape, settings.batch // training.accumulation
    losses = [row["validationLoss"] for row in course.rows if math.isfinite(row["validationLoss"])]
    summary = {
        "validation loss": last["validationLoss"],
        "lowest validation loss": min(losses, default=math.nan),
        "training loss": last["trainingLoss"],
        "parameters": sum(values.numel() for values in training.module.parameters()),
        "processes": training.processes,
        "optimiser steps": training.steps,
        "tokens": training.tokens,
        "FLOPs (6ND, all parameters)": shape.flops(training.tokens),
        "FLOPs (6ND, no embedding)": 6 * shape.hidden_parameters * training.tokens,
        "sequences in a part": part,
        "parts of a batch": training.accumulation,
        "estimated memory of model and part, MB": round((state_bytes(shape) + part * item_bytes(shape)) / 2**20, 1),
        "share of the device's memory it may take": memory_fraction(shape.width),
        "peak memory, MB": round((memory["peak"] or memory["driver"] or peak_resident_bytes()) / 2**20, 1),
    }
    if "aboveSource" in last:
        summary["above the source"] = last["aboveSource"]
        summary["below the source"] = any(row["belowSource"] for row in course.rows)
    return summary


def rounded(value):
    return value if value is None or not math.isfinite(value) else float(f"{value:.7g}")
