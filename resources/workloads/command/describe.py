"""Which experiments a suite means. Reads {"options": {"suite"}, "seed"} from standard input; standard library only."""

import json
import sys

MEMORY_MB = 500.0  # of a program nobody has measured yet
SECONDS = 60.0


def described(index, experiment, suite):
    values = experiment["values"]
    parameters = {"command": experiment["command"], "values": values, **suite["shared"]}
    facts = {name: value for name, value in values.items() if not isinstance(value, list)}
    x = values.get(suite["x"]) if suite["x"] else first_number(values, suite["varying"])
    if isinstance(x, (int, float)) and not isinstance(x, bool):
        facts["x"] = x
    return {
        "index": index,
        "name": experiment["label"],
        "parameters": parameters,
        "facts": facts,
        "estimate": {"memoryMb": suite["memoryMb"] or MEMORY_MB, "seconds": suite["seconds"] or SECONDS},
        "phase": experiment["phase"],
        "queue": experiment["queue"],
    }


def first_number(values, varying):
    """The value on the x axis where the suite names none: the first parameter that differs and is a number."""
    numbers = (values[name] for name in varying if name != "seed" and name in values)
    return next((value for value in numbers if isinstance(value, (int, float)) and not isinstance(value, bool)), None)


def names_that_vary(experiments):
    seen = {}
    for experiment in experiments:
        for name, value in experiment["values"].items():
            seen.setdefault(name, set()).add(json.dumps(value))
    return [name for name, values in seen.items() if len(values) > 1]


def main():
    suite = json.load(sys.stdin)["options"].get("suite")
    if suite is None:
        print("This workload runs suites: name a file, for example my.minibatch.yaml.", file=sys.stderr)
        return 2
    suite["varying"] = names_that_vary(suite["experiments"])
    experiments = [described(index, one, suite) for index, one in enumerate(suite["experiments"])]
    phases = {"phases": suite["phases"]} if suite["phases"] else {}
    json.dump({"experiments": experiments, **phases, "notes": []}, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
