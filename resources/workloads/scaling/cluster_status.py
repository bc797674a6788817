"""What of an exported array is done: `cluster_status.py`, anywhere; it asks the files of the folder alone, never the cluster.

`--submit <tasks>` writes down what is missing, for the tasks of one submission to take turns at, and prints the list, the number
of the last task, and how many experiments that is. Standard library only.
"""

import json
import sys
import time
from pathlib import Path

MARK = "running"  # in the folder of an experiment; touched while a task is at it
TOUCH_SECONDS = 30
STALE_SECONDS = 300  # clocks of the nodes and of this machine may differ, and a shared disk may lag
MOST_NAMED = 10


def attempts_of(base, experiment):
    """Folders, oldest first."""
    found = (base / experiment["folder"]).glob("attempt-*")
    return sorted(found, key=lambda path: int(path.name.rpartition("-")[2]))


def state_of(base, experiment):
    """done, running, `cut off` (failed or ended by the cluster) or `not begun`."""
    attempts = attempts_of(base, experiment)
    if any((path / "result.json").is_file() for path in attempts):
        return "done"
    try:
        if time.time() - (base / experiment["folder"] / MARK).stat().st_mtime < STALE_SECONDS:
            return "running"
    except FileNotFoundError:
        pass
    return "cut off" if attempts else "not begun"


def read_experiments(base):
    return json.loads((base / "experiments.json").read_text(encoding="utf-8"))


def report(base):
    experiments = read_experiments(base)
    states = [state_of(base, one) for one in experiments]
    counts = [f"{states.count(state)} {state}" for state in ("done", "running", "cut off", "not begun") if state in states]
    lines = [f"{len(experiments)} experiments: {', '.join(counts)}."]
    cut = [one for one, state in zip(experiments, states) if state == "cut off"]
    for one in cut[:MOST_NAMED]:
        last = attempts_of(base, one)[-1].relative_to(base)
        lines.append(f"{one['name']} was cut off or failed: see {last / 'output.log'}")
    if len(cut) > MOST_NAMED:
        lines.append(f"and {len(cut) - MOST_NAMED} more")
    if states.count("done") < len(states):
        lines.append("./submit.sh submits what is neither done nor running.")
    return lines


def submission(base, tasks):
    """The list of what is missing and the number of the last task; None if nothing is."""
    missing = [at for at, one in enumerate(read_experiments(base)) if state_of(base, one) in ("cut off", "not begun")]
    if not missing:
        return None
    folder = base / "submissions"
    folder.mkdir(exist_ok=True)
    number = 1 + max((int(path.stem) for path in folder.glob("*.json") if path.stem.isdigit()), default=0)
    path = folder / f"{number}.json"
    path.write_text(json.dumps(missing) + "\n", encoding="utf-8")
    return path.relative_to(base), min(tasks, len(missing)) - 1, len(missing)


def main(arguments):
    base = Path(__file__).resolve().parents[3]
    if not arguments:
        print("\n".join(report(base)))
        return 0
    found = submission(base, int(arguments[arguments.index("--submit") + 1]))
    if found:
        print(*found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
