"""Trains one network shape on N scenarios at a time, for every N and as often as the wanted number of ratios needs."""

import json
import sys
import tempfile
import time
from collections import defaultdict

import numpy as np
import torch

from architectures import trials_for
from chunks import Chunk, plan_chunks, state_budget
from scenarios import DataSpec
from stacked_training import Recipe
from study import Settings, Study

CURVE_POINTS = 60
TERMINAL_SECONDS = 0.2
CHECKPOINT = "chunks.json"


def warm_up():
    """What a first step would otherwise load: matrix kernels, the fused optimiser, random numbers."""
    settings = Settings((32, 32), (1, 12), 12, "summary", "global", DataSpec(0, 20, 2), Recipe(epochs=2), 0)
    with tempfile.TemporaryDirectory() as cache:
        study = Study(settings, 0, cache)
        for chunk in (Chunk(1, 0, 3), Chunk(12, 0, 0)):
            training, samples = study.prepare(chunk)
            study.rows(chunk, samples, training.train())


class Course:
    """What of an experiment is done: its chunks, the rows of the finished ones, and sums for the means."""

    def __init__(self, chunks):
        self.chunks, self.finished, self.rows = chunks, 0, []
        self.unseen = defaultdict(lambda: [0.0, 0])

    def add(self, rows, unseen):
        self.rows += rows
        count = self.chunks[self.finished].count
        self.unseen[count][0] += float(unseen.sum())
        self.unseen[count][1] += unseen.size
        self.finished += 1

    @property
    def trainings(self):
        return sum(len(chunk.trials) for chunk in self.chunks[: self.finished])

    def mean_ratio(self, count=None):
        return float(np.mean([row["ratio"] for row in self.rows if count in (None, row["n"])]))

    def save(self, folder):
        chunks = [[chunk.count, chunk.first, chunk.last] for chunk in self.chunks]
        state = {"chunks": chunks, "finished": self.finished, "unseen": list(self.unseen.items()), "rows": self.rows}
        (folder / CHECKPOINT).write_text(json.dumps(state))

    @staticmethod
    def restored(folder):
        """The chunks are those of the checkpoint: another division would round differently."""
        state = json.loads((folder / CHECKPOINT).read_text())
        course = Course([Chunk(*numbers) for numbers in state["chunks"]])
        course.finished, course.rows = state["finished"], state["rows"]
        course.unseen.update({count: sums for count, sums in state["unseen"]})
        return course


class Watch:
    """Says how a chunk is going: progress in trainings, the learning curve of an N's first chunk, a terminal line."""

    def __init__(self, run, training, chunk, done, total, title, recipe):
        self.run, self.training, self.chunk, self.recipe = run, training, chunk, recipe
        self.done, self.total, self.title = done, total, title
        self.every = max(1, recipe.epochs // CURVE_POINTS)
        self.drawn = time.monotonic()
        self.terminal = sys.stdout.isatty()

    def __call__(self, epoch, rates):
        if self.run.should_stop:
            self.close()
            self.run.stop_point()
        if self.chunk.first == 0 and (epoch % self.every == 0 or epoch in (1, 2, 3, 5, 8) or epoch == self.recipe.epochs):
            self.run.metric(epoch, {f"loss/n{self.chunk.count}": -float(rates.mean())})
        now = time.monotonic()
        if now - self.drawn < TERMINAL_SECONDS:
            return
        self.drawn = now
        going = int(self.training.running.sum())
        finished = len(rates) - going * (1.0 - epoch / self.recipe.epochs)
        self.run.progress(round(self.done + finished, 2), self.total, "trainings")
        if self.terminal:
            text = f"{self.title} · epoch {epoch} of {self.recipe.epochs} · {going} still learning · loss {-rates.mean():.3f}"
            print(f"\r\x1b[K{text}", end="", flush=True)

    def close(self):
        if self.terminal:
            print("\r\x1b[K", end="", flush=True)


def train_chunk(run, study, course, total):
    """Trains the next chunk and reports it. Returns its rows and its ratios on unseen scenarios."""
    chunk = course.chunks[course.finished]
    title = chunk.title(trials_for(study.settings.target_ratios, chunk.count))
    run.phase(title)
    began = time.monotonic()
    training, samples = study.prepare(chunk)
    watch = Watch(run, training, chunk, course.trainings, total, title, study.settings.recipe)
    outcome = training.train(watch)
    watch.close()
    rows, unseen = study.rows(chunk, samples, outcome)
    for row in rows:
        run.row(row)
    ratios = np.array([row["ratio"] for row in rows])
    generalisation = f", unseen {unseen.mean():.4f}" if unseen.size else ""
    run.message(
        f"{title} · ratio mean {ratios.mean():.4f}, median {np.median(ratios):.4f}{generalisation}"
        f" · {outcome.epochs.mean():.0f} epochs · {time.monotonic() - began:.2f} s"
    )
    return rows, unseen


def report(run, course, total):
    """After a chunk: means so far and progress."""
    count = course.chunks[course.finished - 1].count
    values = {"ratio/mean": course.mean_ratio(), f"ratio/n{count}": course.mean_ratio(count)}
    total_unseen, number = course.unseen[count]
    if number:
        values[f"generalisation/n{count}"] = total_unseen / number
    run.metric(course.trainings, values)
    run.progress(course.trainings, total, "trainings")


def summary_of(course, counts):
    ratios = {count: np.array([row["ratio"] for row in course.rows if row["n"] == count]) for count in counts}
    summary = {"mean ratio": round(course.mean_ratio(), 6)}
    for count, values in ratios.items():
        summary[f"mean ratio, N = {count}"] = round(float(values.mean()), 6)
    for count in counts:
        total, number = course.unseen[count]
        if number:
            summary[f"generalisation, N = {count}"] = round(total / number, 6)
    summary["trainings"] = course.trainings
    return summary


def main(run):
    # Moments of a saturated output fall below the smallest normal float, where a processor is a hundred times slower.
    torch.set_flush_denormal(True)
    settings = Settings.of(run.parameters)
    study = Study(settings, run.seed, run.cache_folder, run.device)
    if run.resume_folder is not None and (run.resume_folder / CHECKPOINT).is_file():
        course = Course.restored(run.resume_folder)
        run.restore_rows(course.rows)
        run.message(f"Goes on after {course.trainings} trainings of the previous attempt.")
    else:
        budget = state_budget(run.device)
        course = Course(plan_chunks(settings.counts, settings.target_ratios, lambda n: study.layout(n).width, budget, settings.chunk_size))
    total = sum(trials_for(settings.target_ratios, count) for count in settings.counts)
    if course.finished:
        run.checkpoint("restored", course.save)
        report(run, course, total)
    while course.finished < len(course.chunks):
        course.add(*train_chunk(run, study, course, total))
        report(run, course, total)
        run.checkpoint(f"chunk {course.finished} of {len(course.chunks)}", course.save)
    run.memory()
    run.finish(summary_of(course, settings.counts))
