"""Which experiments a choice of options means. Reads {"options", "seed"} from standard input; standard library only."""

import math
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from catalog import BY_NAME, HIGHEST_ORDER, names_in
from choices import SYSTEMS, chosen_methods, chosen_orders, chosen_systems, noise_levels, own_methods
from cores import core_count
from minibatch.description import BadOption, answer

MOST_EXPERIMENTS = 10_000
# Measured: the process of a run, and one more for each inner job before it has done anything.
RUN_MB, JOB_MB = 60, 80
LEAST_MB = 5
START_SECONDS = 0.9
ESTIMATED_POINTS = 251
LOG_MB = 1
BYTES_OF_NUMBER = 18  # in a table of answers


def estimate(methods, points, orders, repeats, jobs):
    """Seconds of a run and MB of its processes."""
    scale = points / ESTIMATED_POINTS
    known = [BY_NAME[name] for name in methods if name in BY_NAME]
    share = (1 + len(orders)) / (2 + HIGHEST_ORDER)
    work = [repeats * method.seconds * scale**method.growth * share for method in known]
    # The longest method is the least that any number of jobs needs.
    seconds = START_SECONDS + 0.02 * len(methods) + max(sum(work) / jobs, max(work, default=0.0))
    # At worst the methods with the most matrices meet.
    most = sorted((method_megabytes(method, points) for method in known), reverse=True)[:jobs]
    return {"memoryMb": round(RUN_MB + JOB_MB * jobs + sum(most)), "seconds": round(seconds, 2)}


def method_megabytes(method, points):
    """What a method holds beyond its process."""
    return LEAST_MB + method.matrices * 8 * points**2 / 2**20


def table_megabytes(points, orders, methods):
    """Disk for the answers of every method and for the signal."""
    return math.ceil(points * (1 + orders) * (1 + methods) * BYTES_OF_NUMBER / 2**20)


def notes_for(options, count, methods, orders):
    notes = [f"{count} configurations, each with {len(methods)} methods and derivatives of order {', '.join(map(str, orders))}."]
    jobs, cores = options["jobs"], core_count()
    if jobs > 1:
        fits = max(1, cores // jobs)
        notes.append(
            f"{jobs} inner jobs need {jobs} threads a run (--threads {jobs}); {cores} cores hold {fits} such"
            f" {'run' if fits == 1 else 'runs'} at once. With fewer threads a run uses fewer jobs and says so."
        )
    if jobs > cores:
        notes.append(f"Warning: {jobs} inner jobs are more than the {cores} cores of this machine.")
    limited = [name for name in methods if name in BY_NAME and BY_NAME[name].highest < max(orders)]
    if limited:
        notes.append(f"No row for orders that a method does not have: {', '.join(f'{name} ends at {BY_NAME[name].highest}' for name in limited)}.")
    if options["run-twice"]:
        notes.append("Every method runs twice on the same samples, so that differing answers are found.")
    return notes


def describe(options, seed):
    systems, levels, orders = chosen_systems(options["systems"]), noise_levels(options["noise"]), chosen_orders(options["orders"])
    own = own_methods(options["methods-file"])
    choice = chosen_methods(options["methods"], options["exclude"])
    methods = [*names_in(choice), *(own["methods"] if own else [])]
    if not methods:
        raise BadOption("No method is left: name some with the option methods, or exclude fewer.")
    count = len(systems) * len(levels) * options["trials"]
    if count > MOST_EXPERIMENTS:
        raise BadOption(f"These options mean {count:,} configurations; at most {MOST_EXPERIMENTS:,} fit into a batch.")
    shared = {
        "points": options["points"],
        "orders": orders,
        "methods": choice,
        "noiseModel": options["noise-model"],
        "methodTimeout": options["method-timeout"],
        "runTwice": options["run-twice"],
    }
    # Left out where they say nothing, so that results do not get another identity by it.
    if own:
        shared["methodsFile"] = own
    if options["jobs"]:
        shared["jobs"] = options["jobs"]
    figure = estimate(methods, options["points"], orders, 1 + options["run-twice"], max(1, options["jobs"]))
    disk = LOG_MB + table_megabytes(options["points"], len(orders), len(methods))
    experiments = [
        {
            "index": index,
            "name": f"{system}, noise {level:g}, trial {trial}",
            "parameters": {"system": system, "noise": level, "trial": trial, **shared},
            "facts": {"system": SYSTEMS[system], "noise": level, "trial": trial, "methods": len(methods), "diskMb": disk},
            "estimate": figure,
        }
        for index, (system, level, trial) in enumerate(
            (system, level, trial) for system in systems for level in levels for trial in range(1, options["trials"] + 1)
        )
    ]
    return {"experiments": experiments, "notes": notes_for(options, count, methods, orders)}


if __name__ == "__main__":
    sys.exit(answer(describe))
