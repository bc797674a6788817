"""Memory: what is declared before a run, and what a run says that it held."""

import os
import subprocess
import sys

import pytest
from catalog import BY_NAME
from cores import core_count
from derivatives_runs import WORKLOAD, events, finished
from describe import estimate, method_megabytes

HIGHEST = '''
import importlib, re, sys
sys.path[:0] = sys.argv[1:3]
import numpy, scipy.interpolate, scipy.linalg, scipy.optimize
from catalog import BY_NAME
from signals import make_signal

def highest():
    # Of this program; ru_maxrss would begin with what the one had that started it.
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1])

method = BY_NAME[sys.argv[3]]
signal = make_signal("lorenz", 1e-3, 1, int(sys.argv[4]), 7, "additive", 42)
function = getattr(importlib.import_module(method.module), method.function)
before = highest()
function(signal.times, signal.samples, list(range(method.highest + 1)))
print(highest() - before)
'''


@pytest.mark.skipif(sys.platform != "linux", reason="Read from /proc.")
@pytest.mark.parametrize(("name", "points"), [("gp-rbf", 501), ("whittaker", 701), ("fourier-gcv", 1001), ("kalman-rts", 1001)])
def test_memory_is_declared_as_it_is_used(name, points):
    script = [sys.executable, "-B", "-c", HIGHEST, str(WORKLOAD), str(WORKLOAD.parents[1] / "python"), name, str(points)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    grown = int(subprocess.run(script, env=environment, capture_output=True, text=True, check=True).stdout) / 1024
    declared = method_megabytes(BY_NAME[name], points)
    assert 0.5 * grown < declared < 2 * grown + 5, f"{grown:.1f} MB"


def test_memory_follows_points_methods_and_jobs():
    quick = estimate(["central-difference", "gp-rbf"], 251, [0, 1], 1, 1)["memoryMb"]
    assert quick < estimate(["central-difference", "gp-rbf"], 2001, [0, 1], 1, 1)["memoryMb"] - 600
    assert estimate(["central-difference"], 2001, [0, 1], 1, 1)["memoryMb"] < quick
    alone, both = (estimate(["gp-rbf", "gp-matern"], 1001, [0], 1, jobs)["memoryMb"] for jobs in (1, 2))
    assert both > 2 * alone - 70


HEAVY = "import time\ndef heavy(times, samples, orders):\n    held = bytearray(b'1') * (80 << 20)\n    time.sleep(0.5)\n    return {0: samples}\nheavier = heavy\n"


@pytest.mark.skipif(core_count() < 2, reason="Two cores are needed.")
def test_memory_is_that_of_all_processes_of_a_run(tmp_path, own_file):
    own = own_file(HEAVY, ["heavy", "heavier"])
    peaks = {}
    for threads in (1, 2):
        finished(tmp_path / str(threads), threads=threads, methodsFile=own, methods="", orders=[0])
        peaks[threads] = max(event["peak"] for event in events(tmp_path / str(threads), "memory")) / 2**20
    # The worker, a process of the methods with its libraries, and what the method holds.
    assert peaks[1] > 20 + 50 + 80
    assert peaks[2] - peaks[1] > 50 + 80
