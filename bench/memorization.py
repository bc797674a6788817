"""Speed of the memorization workload against three yardsticks, measured in turns on one thread.

    processes   the original way: two fresh Python processes for each trial, a sample of trials scaled to all 362
    in process  the same ordinary training, one trial at a time, without any process start or full search
    bandwidth   the time that moving the optimiser's state through memory once per step would take

Prints tables; with --json one JSON document is the last line. --fast measures less, to try the benchmark itself.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ[variable] = "1"

HERE = Path(__file__).resolve().parent
RESOURCES = HERE.parent / "resources"
FOLDERS = (RESOURCES / "workloads" / "memorization", RESOURCES / "python", HERE / "memorization_original", HERE / "memorization_measures")
sys.path[:0] = [str(folder) for folder in FOLDERS]

import torch  # noqa: E402

from bandwidth import measure_bandwidth  # noqa: E402
from trials import Comparison  # noqa: E402

COMPARED = ((32, 32), (512, 512))
PROCESS_GOALS = {(32, 32): 100.0, (512, 512): 10.0}
IN_PROCESS_GOALS = {(32, 32): 10.0}
BANDWIDTH_GOAL = 1.5
LARGE = ((200, 200), (256, 256), (400, 400), (512, 512), (1024, 1024), (2048, 2048))


def times(value):
    return f"{value:.0f}×" if value >= 20 else f"{value:.1f}×"


def verdict(reached, goal, smaller=False):
    if goal is None:
        return ""
    return "reached" if (reached <= goal if smaller else reached >= goal) else "NOT REACHED"


def compare(hidden, cache, fast):
    """Against both one-at-a-time ways; seconds for all 362 trials."""
    comparison = Comparison(hidden, Path(cache))
    rows = comparison.measure(samples=1 if fast else 2)
    totals = {way: sum(row[way] * row["trials"] for row in rows) for way in ("stacked", "inProcess", "processes")}
    print(f"\n{list(hidden)}: seconds for one trial, medians of {rows[0]['samples']} to {rows[-1]['samples']} trials each way, in turns")
    print("    N  trials  stacked    in process  two processes")
    for row in rows:
        print(f"{row['n']:5d}  {row['trials']:6d}  {row['stacked']:8.4f}  {row['inProcess']:10.3f}  {row['processes']:13.3f}")
    result = {"hidden": list(hidden), "rows": rows, "seconds": totals, "scaledFromSample": True}
    for way, title, goals in (("processes", "two processes for each trial", PROCESS_GOALS), ("inProcess", "in one process, one at a time", IN_PROCESS_GOALS)):
        speedup, goal = totals[way] / totals["stacked"], goals.get(hidden)
        print(f"  all 362 trials, scaled: {title} {totals[way]:.0f} s, stacked {totals['stacked']:.1f} s: {times(speedup)} faster", end="")
        print(f" (goal {goal:g}×: {verdict(speedup, goal)})" if goal else "")
        result[way] = {"speedup": speedup, "goal": goal}
    return result


def against_bandwidth(fast):
    shapes = LARGE[:2] if fast else LARGE
    rows = [measure_bandwidth(hidden, epochs=10 if fast else 40) for hidden in shapes]
    print("\nTime of a step ÷ time to move its bytes at the measured bandwidth (one thread)")
    print("Bytes of a step: parameters, gradient and two moments, each read and written once, 32 for each parameter.")
    print("Not counted: reading the weights in the forward and in the backward pass, inputs, activations. Weighted by")
    print("the steps that a run with all defaults spends at each N. The bytes are those of the whole network; 'trained'")
    print("counts only the units that the training keeps (those that no sample awakens cannot learn). Below 1: the")
    print("state stays in a cache. Arithmetic, not memory, binds at N = 100.")
    print("shape           GB/s   " + "".join(f"{'N = ' + str(n):>9}" for n in rows[0]["byN"]) + "   trained   whole run")
    for row in rows:
        cells = "".join(f"{value:9.2f}" for value in row["byN"].values())
        print(f"{str(row['hidden']):14s}  {row['bandwidth'] / 1e9:5.1f}  {cells}   {row['trainedRatio']:7.2f}   {row['ratio']:6.2f} (goal {BANDWIDTH_GOAL}: {verdict(row['ratio'], BANDWIDTH_GOAL, smaller=True)})", flush=True)
        row["goal"] = BANDWIDTH_GOAL
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON document as the last line")
    parser.add_argument("--fast", action="store_true", help="measure little, to try the benchmark itself")
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    with tempfile.TemporaryDirectory() as cache:
        compared = [compare(hidden, cache, options.fast) for hidden in COMPARED]
    bandwidth = against_bandwidth(options.fast)
    speeds = [row["ratio"] for row in bandwidth]
    print(f"\nMedian over the large shapes: {statistics.median(speeds):.2f} times the memory-bound time.")
    if options.json:
        print(json.dumps({"threads": 1, "torch": torch.__version__, "compared": compared, "bandwidth": bandwidth}))


if __name__ == "__main__":
    main()
