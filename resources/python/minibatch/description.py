"""The frame of a workload's `describe.py`: options in, experiments out. Standard library only."""
import json
import sys


class BadOption(Exception):
    """One sentence for the person who chose the options."""


def answer(describe):
    """Reads {"options", "seed"} from standard input and prints what `describe(options, seed)` returns.

    Returns the exit code; a BadOption becomes its sentence on standard error and the code 2.
    """
    request = json.load(sys.stdin)
    try:
        found = describe(request["options"], request["seed"])
    except BadOption as problem:
        print(problem, file=sys.stderr)
        return 2
    json.dump(found, sys.stdout)
    print()
    return 0
