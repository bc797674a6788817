"""Runs methods in processes of their own: several at a time, each within a time limit, none able to harm another.

A process serves one method after another, so that Python and the libraries are loaded once. A method that hangs, crashes
or leaves through the back door costs its process, with everything that process started; the next method gets a new one.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path

import minibatch
from minibatch.supervisor import Tree

SCRIPT = Path(__file__).resolve().parent / "method_process.py"
PACKAGE_PARENT = str(Path(minibatch.__file__).resolve().parents[1])
# Inner jobs are the parallelism: a library that starts threads as well would ask for more cores than there are.
THREAD_CAPS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "NUMEXPR_NUM_THREADS")
POLL_SECONDS = 0.1
# A gap between two looks at the clock that is longer than this was a pause of the run and counts as this much.
LONGEST_TICK = 1.0
START_LIMIT_SECONDS = 120.0


@dataclass(frozen=True)
class Outcome:
    """`state`: ok, failed, timed-out. Seconds: in the method, until its process was ready, and all else around it."""

    method: str
    state: str
    values: dict
    reason: str
    work: float
    start: float
    overhead: float
    repeated: bool | None = None


class MethodProcess:
    """One process and what it is doing."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        environment = {**os.environ, **dict.fromkeys(THREAD_CAPS, "1")}
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(SCRIPT), str(theirs.fileno()), PACKAGE_PARENT],
            stdin=subprocess.PIPE, pass_fds=[theirs.fileno()], env=environment, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        self.connection = Connection(ours.detach())
        self.ready = False
        self.name = None

    def begin(self, name, request):
        self.name, self.began, self.waited = name, time.perf_counter(), 0.0
        self.clock, self.tick = 0.0, time.monotonic()
        try:
            # A process that was started ahead of need stands in another folder than the run.
            self.connection.send({**request, "folder": os.getcwd()})
        except OSError:
            pass  # it is gone already; the next look at the connection says so

    def advance_clock(self):
        now = time.monotonic()
        self.clock += min(now - self.tick, LONGEST_TICK)
        self.tick = now

    def kill(self, others):
        """Ends the process with everything it started. `others`: pids of the processes beside it."""
        tree = Tree(self.process.pid)
        tree.helpers = set(others)
        tree.send(signal.SIGKILL)
        self.connection.close()
        self.process.stdin.close()
        self.process.wait()


class MethodPool:
    """`run` yields outcomes as they come. `close` ends all processes; nothing of them is left."""

    def __init__(self, jobs, limit_seconds, warm=()):
        """`warm`: processes that were started ahead of need; they become the pool's own."""
        self.limit = limit_seconds
        self.slots = [*warm, *(MethodProcess() for _ in range(jobs - len(warm)))]
        self.peaks = [0] * len(self.slots)

    @property
    def peak_bytes(self):
        """The most that the processes have held, taken together; the kernel tells it of each alone."""
        return sum(self.peaks)

    def run(self, requests, stop_point):
        """`requests`: (name, request) pairs. `stop_point` is called between looks at the processes and may raise."""
        waiting = list(requests)
        self.hand_out(waiting)
        while any(slot.name for slot in self.slots):
            wait([slot.connection for slot in self.slots if slot.name], POLL_SECONDS)
            outcomes = [self.look(place) for place, slot in enumerate(self.slots) if slot.name]
            # Before the outcomes are written down, so that no process waits for the disk.
            self.hand_out(waiting)
            yield from filter(None, outcomes)
            stop_point()

    def hand_out(self, waiting):
        for place in range(len(self.slots)):
            if waiting and self.slots[place].name is None:
                if self.slots[place].process.poll() is not None:
                    self.replace(place)
                self.slots[place].begin(*waiting.pop(0))

    def look(self, place):
        """What became of the method of a slot, which is free then; None while it works."""
        slot = self.slots[place]
        slot.advance_clock()
        try:
            while slot.connection.poll():
                answer = slot.connection.recv()
                if answer != "ready":
                    self.peaks[place] = max(self.peaks[place], answer["peak"])
                    return self.outcome(slot, answer)
                slot.ready, slot.waited, slot.clock = True, time.perf_counter() - slot.began, 0.0
        except (EOFError, OSError):
            code = slot.process.wait()
            self.replace(place)
            return self.failure(slot, "failed", ended_sentence(code, slot.ready))
        if slot.clock > (self.limit if slot.ready else START_LIMIT_SECONDS):
            self.replace(place)
            reason = f"still working after {self.limit:g} s" if slot.ready else f"not started after {START_LIMIT_SECONDS:g} s"
            return self.failure(slot, "timed-out", reason)
        return None

    def outcome(self, slot, answer):
        start = slot.waited + answer["import"]
        overhead = max(0.0, time.perf_counter() - slot.began - start - answer["work"])
        state = "failed" if answer["failure"] else "ok"
        name, slot.name = slot.name, None
        return Outcome(name, state, answer["values"] or {}, answer["failure"] or "", answer["work"], start, overhead, answer["repeated"])

    def failure(self, slot, state, reason):
        spent = time.perf_counter() - slot.began
        return Outcome(slot.name, state, {}, reason, max(0.0, spent - slot.waited), slot.waited, 0.0)

    def replace(self, place):
        """Ends the process of a slot and gives the slot a new one."""
        self.slots[place].kill(self.pids_beside(place))
        self.slots[place] = MethodProcess()
        return self.slots[place]

    def pids_beside(self, place):
        return [slot.process.pid for at, slot in enumerate(self.slots) if at != place]

    def close(self):
        for place, slot in enumerate(self.slots):
            slot.kill(self.pids_beside(place))


def ended_sentence(code, ready):
    how = f"ended by {signal.Signals(-code).name}" if code < 0 else f"ended itself with exit code {code}"
    return f"its process was {how}" if code < 0 else f"its process {how}" if ready else f"its process {how} before it began"
