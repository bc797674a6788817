"""Runs one command of a suite: its words, its working folder, its metrics, and what counts as its result."""

import math
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from child import NotStarted, run_child
from command_words import as_written, build, fill, text_of
from metric_files import CsvFile, EventFolder, LogCalls
from metric_series import MetricSeries, read_points
from outside_writes import OutsideWatch, WroteOutside, sentence_about
from output_metrics import OutputMetrics, last_bar, with_last_bar
from work_folder import Holder, WorkFolder, copy_tree, modified

NOT_STARTED = 127
SETTLED_SECONDS = 0.5  # a checkpoint that was written to just now may be half of one
HASTY_SECONDS = 0.05  # for a command that writes so often that none ever settles
PATIENT_SECONDS = 1.0
CHECKPOINT_SECONDS = 0.5
SCRIPT_MODULES = Path(__file__).resolve().parents[2] / "python" / "script"


class MissingResult(Exception):
    """Exit code 0, but not what the suite expects; the text is a sentence for people."""


def main(run):
    parameters = run.parameters
    work = WorkFolder(run.folder, run.plan["sourceFolder"], parameters["code"] is not None, parameters["folder"])
    resume = parameters["resume"]
    series = MetricSeries(run.metric)
    checkpoint = go_on(run, work, series, parameters["metrics"]) if resume and run.resume_folder else None
    extra = [fill(word, {"checkpoint": str(checkpoint)}.get) for word in resume["arguments"]] if checkpoint else []
    built_in = built_in_texts(run, parameters)
    argv = build(parameters, built_in, extra)
    output = OutputMetrics(parameters["metrics"], series, progress_to(run))
    files = metric_files(run, parameters["metrics"], work.folder, series)
    keeper = CheckpointKeeper(run, work, resume["checkpoint"]) if resume else None
    outside = OutsideWatch(run.folder, run.plan.get("originFolder"))

    def poll(final=False):
        for file in files:
            file.poll(final)
        if keeper:
            keeper.poll(final)

    try:
        code = run_child(argv, {**os.environ, **added_environment(run, parameters, built_in)}, work.folder, output.feed, poll)
    except NotStarted as problem:
        print(problem, flush=True)
        sys.exit(NOT_STARTED)
    output.feed(b"", final=True)
    poll(final=True)
    series.release()
    run.stop_point()
    tell_outside(run, outside, parameters.get("outsideWrites", "warn"), code)
    if code != 0:
        end_like(code)
    require(run, parameters["expect"], work, series)
    work.clear()
    finish(run, parameters, series)


def built_in_texts(run, parameters):
    return {
        "seed": str(run.seed % 2**31),  # most programs take 32 bits
        "index": str(run.plan["index"]),
        "name": run.plan["name"],
        "python": sys.executable,
        "run": str(run.folder),
        "device": run.device,
        "devices": str(len(run.devices)),
        "threads": str(run.threads),
    }


def added_environment(run, parameters, built_in):
    """Beyond the run's environment: `minibatch` to be imported, and what the suite says."""
    values = as_written(parameters["values"], parameters.get("written", {}))

    def lookup(name):
        return text_of(values[name]) if name in values else built_in.get(name)

    return {
        "PYTHONPATH": str(SCRIPT_MODULES),
        "MINIBATCH_LOG": str(run.folder / "log.jsonl"),
        **{name: fill(text_of(text), lookup) for name, text in parameters["environment"].items() if text is not None},
    }


def progress_to(run):
    def progress(done, total):
        if math.isfinite(done) and math.isfinite(total) and total > 0:
            run.progress(done, total)

    return progress


def metric_files(run, spec, folder, series):
    files = [LogCalls(run.folder / "log.jsonl", series, progress_to(run))]
    files += [CsvFile(folder / path, series, spec.get("step")) for path in spec["csv"]]
    files += [EventFolder(folder, pattern, series, lambda text: run.message(text, "warning")) for pattern in spec["tensorboard"]]
    return files


# ---- going on


def go_on(run, work, series, metrics):
    """Brings the checkpoint of the interrupted attempt, and its curves, over to this one. Path for the command."""
    held = [path for path in run.resume_folder.rglob("*") if path.is_file()]
    if not held:
        return None
    root = checkpoint_root(run.resume_folder)
    target = work.folder / root
    copy_tree(run.resume_folder / root, target)
    before = run.resume_folder.parents[1]
    points = read_points(before / "events.jsonl")
    series.carry_over(with_last_bar(points, metrics, last_bar(before / "output.log")))
    run.message("Goes on from %s." % root)
    return root


def checkpoint_root(folder):
    """What was kept: one file or folder, under the names of its parents."""
    with open(folder / ".path", encoding="utf-8") as file:
        return Path(file.read())


class CheckpointKeeper:
    """Keeps hold of the newest checkpoint that the command wrote, also when all processes are killed."""

    def __init__(self, run, work, pattern):
        self.run = run
        self.work = work
        self.pattern = pattern
        self.holder = Holder()
        self.kept = None
        self.kept_at = time.monotonic()
        self.looked = 0.0

    def poll(self, final=False):
        if not final and time.monotonic() - self.looked < CHECKPOINT_SECONDS:
            return
        self.looked = time.monotonic()
        settled = SETTLED_SECONDS if self.looked - self.kept_at < PATIENT_SECONDS else HASTY_SECONDS
        newest = self.work.newest(self.pattern, before=time.time() - (0 if final else settled))
        if newest is None:
            return
        mark = (str(newest), modified(newest))
        if mark == self.kept:
            return
        self.kept, self.kept_at = mark, self.looked
        name = newest.relative_to(self.work.folder)

        def save(folder):
            self.holder.hold(newest, folder / name)
            (folder / ".path").write_text(str(name), encoding="utf-8")

        try:
            self.run.checkpoint("checkpoint", save)
        except (FileNotFoundError, shutil.Error):
            self.kept = None  # it was replaced while we looked; the next one will do


# ---- the end


def end_like(code):
    """Ends this process as the command ended, so that the reason given for the run is the command's."""
    if code > 0:
        sys.exit(code)
    sys.stdout.flush()
    signal.signal(-code, signal.SIG_DFL) if -code not in (signal.SIGKILL, signal.SIGSTOP) else None
    os.kill(os.getpid(), -code)
    time.sleep(1)
    sys.exit(128 - code)


def tell_outside(run, outside, wish, code):
    paths = outside.look(patient=wish == "refuse") if wish != "allow" else []
    if not paths:
        return
    if wish == "refuse" and code == 0:
        raise WroteOutside(sentence_about(paths))
    run.message(sentence_about(paths), "warning")


def require(run, expected, work, series):
    missing = [pattern for pattern in expected["files"] if not any(work.folder.glob(pattern))]
    unseen = [name for name in expected["metrics"] if name not in series.values]
    if not missing and not unseen:
        return
    parts = ["the file %s" % name for name in missing] + ["the metric %s" % name for name in unseen]
    sentence = "The command ended with exit code 0, but %s, which the suite expects, %s missing." % (
        " and ".join(parts), "is" if len(parts) == 1 else "are")
    raise MissingResult(sentence)


def finish(run, parameters, series):
    """A row a metric; the one that is compared has a value besides, and its name as the group it is in unless another is chosen."""
    compare = parameters["compare"]
    wanted = compare.get("metric") or parameters["metrics"].get("main")
    names = [wanted] if wanted in series.values else []
    names += [name for name in series.values if name not in names]
    summary = {}
    for name in names:
        facts = series.summary(name)
        row = {"metric": name, **facts}
        if name == names[0]:
            row["group"] = name
            row["value"] = facts[compare["value"]]
        run.row(row)
        summary[name] = facts["last"]
    if wanted and wanted not in series.values:
        run.message("The metric %s was never seen." % wanted, "warning")
    run.finish(summary or {"exit code": 0})
