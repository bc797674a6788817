"""What a workload's `main(run)` is offered: its parameters, its folders, and a way to say what is going on."""
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from .events import EventWriter, plain
from .memory import peak_resident_bytes, read_memory
from .parameters import Parameters

VERSIONED = ("torch", "numpy", "scipy")  # recorded if the workload imported them
LATEST = "latest.json"  # in a checkpoint folder: {"name", "folder"} of the one that is whole


class Stopped(Exception):
    """Raised by `run.stop_point()` once a stop was asked for; the worker ends with exit code 130."""


class RunFacts:
    """What run.json says."""

    def __init__(self, folder):
        self.folder = Path(folder).absolute()
        with open(self.folder / "run.json", encoding="utf-8") as file:
            self.plan = json.load(file)
        self.parameters = Parameters(self.plan["parameters"])
        self.seed = self.plan["seed"]
        self.batch_seed = self.plan["batchSeed"]
        self.device = self.plan["device"]
        self.devices = self.plan.get("devices") or [self.device]
        self.threads = self.plan["threads"]
        self.workload_folder = Path(self.plan["workloadFolder"])
        self.cache_folder = Path(self.plan["cacheFolder"])
        self.checkpoint_folder = self.folder / "checkpoint"
        self.resume_folder = newest_checkpoint(self.plan.get("resumeFrom"))


class Run(RunFacts):
    """One attempt at one experiment.

        parameters       Parameters: `run.parameters.hidden`, `run.parameters.require("steps", int)`
        seed, batch_seed integers; `seed` is this run's own, `batch_seed` is shared by the batch
        device, threads  "cpu", "mps" or "cuda:0"; CPU threads that each process of this run may use
        devices          one for each process that it may have: ["cuda:0", "cuda:1"], ["cpu", "cpu"], mostly [device]
        folder, artifacts, cache_folder   Path
        resume_folder    Path of the previous attempt's newest whole checkpoint, or None
        should_stop      True after a stop was asked for: save a checkpoint, then let `stop_point` end the run
    """

    def __init__(self, folder):
        self.began = time.monotonic()
        self.started_at = time.time()
        super().__init__(folder)
        self.should_stop = False
        self.rows = 0
        self.finished = False
        self.events = EventWriter(self.folder / "events.jsonl")

    @property
    def artifacts(self):
        """The folder for tables and files; made at first use."""
        folder = self.folder / "artifacts"
        folder.mkdir(exist_ok=True)
        return folder

    # ---- what is going on

    def start(self, **versions):
        """Says that the work begins. The worker calls it before `main`; a workload may again, to add versions."""
        self.events.start("+".join(self.devices), self.threads, {**self.versions(), **versions})

    def phase(self, text):
        self.events.phase(text)

    def progress(self, done, total, unit=""):
        """May be called at every step: at most ten a second are written, the last one always."""
        self.events.progress(done, total, unit)

    def metric(self, step, values):
        """One point of one or several curves: `run.metric(100, {"loss/train": 0.1})`."""
        self.events.metric(step, values)

    def row(self, row):
        """One row of the result table, a dictionary by column."""
        self.open_for_results()
        self.events.row(row)
        self.rows += 1

    def restore_rows(self, rows):
        """Writes the rows that an earlier attempt had reached at its checkpoint, so that this attempt is complete."""
        for row in rows:
            self.row(row)

    def message(self, text, level="info"):
        """For people; also printed. `level`: info, warning, error."""
        self.events.message(text, level)
        print(text, flush=True)

    def memory(self):
        """Records what the run uses on its device now. Returns {"allocated", "driver", "peak"} in bytes or None."""
        used = read_memory(self.device)
        self.events.memory(**used)
        return used

    # ---- stopping and going on

    def checkpoint(self, name, saver):
        """Calls `saver(folder)` with an empty folder (Path), then makes it the newest checkpoint in one step.

        Killed at any moment, the newest whole checkpoint stays what it was. Older ones are removed afterwards.
        """
        self.checkpoint_folder.mkdir(exist_ok=True)
        partial = self.checkpoint_folder / ".partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        saver(partial)
        for path in partial.rglob("*"):
            if path.is_file():
                sync(path)
        numbers = [int(path.name.rpartition("-")[2]) for path in self.whole_checkpoints()]
        whole = self.checkpoint_folder / ("%s-%d" % (name.replace("/", "_"), max(numbers, default=0) + 1))
        partial.rename(whole)
        sync(self.checkpoint_folder)
        write_json(self.checkpoint_folder / LATEST, {"name": name, "folder": whole.name})
        for path in self.whole_checkpoints():
            if path != whole:
                shutil.rmtree(path, ignore_errors=True)
        self.events.checkpoint(name)
        return whole

    def whole_checkpoints(self):
        entries = self.checkpoint_folder.iterdir()
        return [path for path in entries if path.is_dir() and path.name.rpartition("-")[2].isdigit()]

    def stop_point(self, name="stop", saver=None):
        """Ends the run here if a stop was asked for, after saving a checkpoint if a `saver` is given."""
        if self.should_stop:
            if saver:
                self.checkpoint(name, saver)
            whole = newest_checkpoint(self.checkpoint_folder)
            raise Stopped("Stopped at a checkpoint." if whole else "Stopped, with no checkpoint to go on from.")

    def listen_for_stop(self):
        """From here on the first SIGINT asks the workload to stop, the second ends the process at once."""

        def ask(number, frame):
            self.should_stop = True
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            os.write(2, b"Stopping at the next checkpoint. Press Ctrl-C again to end at once.\n")

        signal.signal(signal.SIGINT, ask)

    # ---- the end

    def finish(self, summary, partial=None):
        """Writes result.json: from here on the experiment counts as done. `summary` is shown beside its name.

        `partial`, a sentence that says what is missing, makes it a partial result: shown, but not counted as done.
        """
        self.open_for_results()
        if partial is not None and not (isinstance(partial, str) and partial.strip()):
            raise ValueError("`partial` must be a sentence that says what is missing, not %r." % (partial,))
        self.events.result(summary)
        self.events.sync()
        result = {
            "version": 1,
            "identity": self.plan["identity"],
            "workload": self.plan["workload"],
            "workloadVersion": self.plan["workloadVersion"],
            "parameters": self.plan["parameters"],
            "seed": self.seed,
            "device": "+".join(self.devices),
            "threads": self.threads,
            "startedAt": self.started_at,
            "endedAt": time.time(),
            "seconds": round(time.monotonic() - self.began, 6),
            "rows": self.rows,
            "summary": summary,
            "versions": self.versions(),
            "peakMemoryBytes": peak_resident_bytes(),
        }
        if partial is not None:
            result["partial"] = partial.strip()
        write_json(self.folder / "result.json", result)
        self.finished = True

    def open_for_results(self):
        if self.finished:
            raise RuntimeError("The run has already finished: nothing can be added to its result.")

    def versions(self):
        found = {"python": sys.version.partition(" ")[0]}
        for name in VERSIONED:
            if name in sys.modules:
                found[name] = str(getattr(sys.modules[name], "__version__", ""))
        return found


def newest_checkpoint(folder):
    """The newest whole checkpoint in an attempt's checkpoint folder, or None."""
    if not folder:
        return None
    try:
        with open(Path(folder) / LATEST, encoding="utf-8") as file:
            found = Path(folder) / json.load(file)["folder"]
    except FileNotFoundError:
        return None
    return found if found.is_dir() else None


def write_json(path, value):
    """Whole or not at all: temporary file, fsync, rename."""
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "w", encoding="utf-8", errors="replace") as file:
        json.dump(plain(value), file, ensure_ascii=False, allow_nan=False, indent=1)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync(path.parent)


def sync(path):
    """Makes a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
