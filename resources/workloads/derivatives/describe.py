"""Which experiments a choice of options means. Reads {"options", "seed"} from standard input; standard library only."""

import ast
import hashlib
import json
import math
import os
import sys
from pathlib import Path

from catalog import BY_NAME, GROUPS, HIGHEST_ORDER, METHODS, names_in

SYSTEMS = {"lotka_volterra": "Lotka-Volterra", "van_der_pol": "van der Pol", "lorenz": "Lorenz"}
MOST_EXPERIMENTS = 10_000
# Measured: the process of a run, and one more for each inner job.
RUN_MB, JOB_MB = 60, 95
START_SECONDS = 0.9
ESTIMATED_POINTS = 101


class BadOption(Exception):
    """One sentence for people."""


def words(text):
    return [word for word in text.replace(",", " ").split() if word]


def chosen_systems(text):
    found = list(SYSTEMS) if text == "all" else words(text)
    for name in found:
        if name not in SYSTEMS:
            raise BadOption(f"Option systems has no {name}: choose from {', '.join(SYSTEMS)}, or all.")
    if not found:
        raise BadOption(f"Option systems is empty: choose from {', '.join(SYSTEMS)}, or all.")
    return list(dict.fromkeys(found))


def noise_levels(text):
    levels = []
    for word in words(text):
        try:
            level = float(word)
        except ValueError:
            level = math.nan
        if not 0 <= level <= 10:
            raise BadOption(f"Option noise has {word}: give numbers from 0 to 10, for example 1e-8,1e-3,1e-2.")
        levels.append(level)
    if not levels:
        raise BadOption("Option noise is empty: give numbers from 0 to 10, for example 1e-8,1e-3,1e-2.")
    return list(dict.fromkeys(levels))


def chosen_orders(values):
    for value in values:
        if not 0 <= value <= HIGHEST_ORDER:
            raise BadOption(f"Option orders has no {value}: give orders from 0 to {HIGHEST_ORDER}.")
    if not values:
        raise BadOption(f"Option orders is empty: give orders from 0 to {HIGHEST_ORDER}.")
    return sorted(set(values))


def own_methods(path):
    """Functions of a person's own file, without running it: every one whose name does not begin with an underscore."""
    if not path:
        return None
    file = Path(path).expanduser()
    try:
        source = file.read_bytes()
        tree = ast.parse(source)
    except OSError as problem:
        raise BadOption(f"Option methods-file: {path} cannot be read ({problem.strerror}).") from None
    except (SyntaxError, ValueError) as problem:
        raise BadOption(f"Option methods-file: {path} is no Python file ({problem}).") from None
    names = [node.name.replace("_", "-") for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]
    if not names:
        raise BadOption(f"Option methods-file: {path} defines no function; each function(times, samples, orders) is a method.")
    taken = [name for name in names if name in BY_NAME]
    if taken:
        raise BadOption(f"Option methods-file: {path} defines {taken[0]}, which is the name of a method already.")
    return {"path": str(file.resolve()), "sha256": hashlib.sha256(source).hexdigest(), "methods": names}


def families():
    """Names of methods by family, as an option spells it: gaussian-processes."""
    found = {}
    for method in METHODS:
        found.setdefault(method.family.replace(" ", "-").lower(), []).append(method.name)
    return found


def chosen_methods(text, excluded):
    """Names, families, all or quick, less what is excluded: the shortest text that means the same choice to a run."""
    groups = {**families(), **{name: [name] for name in BY_NAME}, **GROUPS}

    def names_of(option, value):
        found = []
        for word in words(value):
            if word.lower() not in groups:
                raise BadOption(f"Option {option} has no {word}: choose from all, quick, {', '.join(BY_NAME)}, or a family such as splines.")
            found += groups[word.lower()]
        return list(dict.fromkeys(found))

    left_out = set(names_of("exclude", excluded))
    names = [name for name in names_of("methods", text) if name not in left_out]
    return next((group for group, members in GROUPS.items() if sorted(members) == sorted(names)), ",".join(names))


def estimate(methods, points, orders, repeats, jobs):
    """Seconds of a run and MB of its processes."""
    scale = points / ESTIMATED_POINTS
    known = [BY_NAME[name] for name in methods if name in BY_NAME]
    share = (1 + len(orders)) / (2 + HIGHEST_ORDER)
    work = [repeats * method.seconds * scale**method.growth * share for method in known]
    # The longest method is the least that any number of jobs needs.
    seconds = START_SECONDS + 0.02 * len(methods) + max(sum(work) / jobs, max(work, default=0.0))
    return {"memoryMb": RUN_MB + JOB_MB * jobs, "seconds": round(seconds, 2)}


def core_count():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


def describe(options):
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
    experiments = [
        {
            "index": index,
            "name": f"{system}, noise {level:g}, trial {trial}",
            "parameters": {"system": system, "noise": level, "trial": trial, **shared},
            "facts": {"system": SYSTEMS[system], "noise": level, "trial": trial, "methods": len(methods)},
            "estimate": figure,
        }
        for index, (system, level, trial) in enumerate(
            (system, level, trial) for system in systems for level in levels for trial in range(1, options["trials"] + 1)
        )
    ]
    return {"experiments": experiments, "notes": notes_for(options, count, methods, orders)}


def main():
    request = json.load(sys.stdin)
    try:
        answer = describe(request["options"])
    except BadOption as problem:
        print(problem, file=sys.stderr)
        return 2
    json.dump(answer, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
