"""The processes of one run that takes several devices: the worker, which alone writes anything, and its helpers.

    with together(run):          in `main(run)` of a workload; with one device it does nothing
        ...
    def part(part): ...          in the same `train.py`: what each helper does, with the facts of the run and `part.rank`

A helper is `worker.py --part <rank> <run folder>`. They meet through a file in the run folder, so no port is chosen by
anybody, and talk over the loopback interface. A helper whose worker is gone ends by itself, and a helper that is lost
takes the run with it.
"""
import contextlib
import datetime
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from pathlib import Path

from .run import RunFacts, Stopped

WORKER = Path(__file__).resolve().parent / "worker.py"
MEETING_POINT = ".meeting-point"
# A paused run must not be taken for a hung one.
PATIENCE = datetime.timedelta(days=30)
LOST_SECONDS = 5.0  # until a worker that hangs in what it waits for is ended, after a helper was lost
LEAVE_SECONDS = 10.0
ORPHANED_SECONDS = 0.5


class PartLost(Exception):
    """Another process of the run ended before its time; the text is a sentence for people."""


class Part(RunFacts):
    """A helper's share in a run: the facts of the run, with the device of its own."""

    def __init__(self, folder, rank):
        super().__init__(folder)
        self.rank = rank
        self.device = self.devices[rank]


@contextlib.contextmanager
def together(run):
    """Starts the helpers of a run and joins them; whatever happens inside, none of them is left behind."""
    if len(run.devices) == 1:
        yield
        return
    helpers = Helpers(run)
    try:
        run.message("Runs in %d processes: %s." % (len(run.devices), ", ".join(run.devices)))
        join(run, 0)
        yield
        # What is done is done: nothing that goes wrong from here on matters.
        helpers.ending = True
        with contextlib.suppress(Exception):
            leave_group()
    except Stopped:
        raise
    except Exception as error:
        if helpers.lost_soon():
            raise PartLost(helpers.lost) from error
        raise
    finally:
        helpers.close()


class Helpers:
    """One process for each device but the first. Each holds the end of a pipe: it closes when the worker is gone."""

    def __init__(self, run):
        self.run, self.lost, self.ending = run, None, False
        self.processes = []
        # A stop is the worker's to decide: a signal that is blocked here stays so in what is started.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            for rank in range(1, len(run.devices)):
                command = [sys.executable, str(WORKER), "--part", str(rank), str(run.folder)]
                self.processes.append(subprocess.Popen(command, stdin=subprocess.PIPE))
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.watchers = [threading.Thread(target=self.watch, args=entry, daemon=True) for entry in enumerate(self.processes, 1)]
        for watcher in self.watchers:
            watcher.start()

    def watch(self, rank, process):
        code = process.wait()
        if code == 0 or self.ending or self.lost:
            return
        how = "was killed by the signal %s" % signal.Signals(-code).name if code < 0 else "ended with exit code %d" % code
        self.lost = "The process %d of %d, on %s, %s." % (rank + 1, len(self.run.devices), self.run.devices[rank], how)
        time.sleep(LOST_SECONDS)
        if self.ending:
            return
        # What the worker waits for on its device may never come, and no exception reaches it there.
        print(self.lost, file=sys.stderr, flush=True)
        self.run.events.error(PartLost(self.lost), self.lost)
        self.run.events.close()
        os._exit(1)

    def lost_soon(self):
        """What was lost, if that is why the worker failed: the news of it may come a moment later."""
        until = time.monotonic() + 1
        while not self.lost and time.monotonic() < until and any(process.poll() is None for process in self.processes):
            time.sleep(0.02)
        return self.lost

    def close(self):
        self.ending = True
        until = time.monotonic() + LEAVE_SECONDS
        for process in self.processes:
            process.stdin.close()
        for process in self.processes:
            try:
                process.wait(max(0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
        (self.run.folder / MEETING_POINT).unlink(missing_ok=True)


def join(run, rank):
    """Waits for the other processes of the run. Afterwards `torch.distributed` works."""
    import torch
    from torch import distributed

    loopback = "lo0" if sys.platform == "darwin" else "lo"
    for name in ("GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME"):
        os.environ.setdefault(name, loopback)
    cuda = run.device.startswith("cuda")
    if cuda:
        torch.cuda.set_device(run.device)
    store = distributed.FileStore(str(run.folder / MEETING_POINT), len(run.devices))
    distributed.init_process_group(
        "nccl" if cuda else "gloo", store=store, rank=rank, world_size=len(run.devices), timeout=PATIENCE
    )


def leave_group():
    from torch import distributed

    distributed.destroy_process_group()


def help_out(folder, rank, load):
    """All that a helper does. `load(folder)` gives the module `train`. Returns its exit code."""
    threading.Thread(target=end_with_worker, daemon=True).start()
    try:
        part = Part(folder, rank)
        training = load(part)
        join(part, rank)
        training.part(part)
        leave_group()
        return 0
    except Exception:
        # Without the worker everything here fails too. That is no news, and the end of the pipe ends us in this time.
        time.sleep(ORPHANED_SECONDS)
        traceback.print_exc()
        return 1


def end_with_worker():
    """The worker never writes: what comes is its end, and then nobody needs this process any more."""
    os.read(0, 1)
    os._exit(0)
