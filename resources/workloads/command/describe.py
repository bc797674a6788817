"""Which experiments a suite means. Reads {"options": {"suite"}, "seed"} from standard input; standard library only."""

import json
import sys

MEMORY_MB = 500.0  # of a program nobody has measured yet
SECONDS = 60.0


def described(index, experiment, suite):
    values = experiment["values"]
    parameters = {"command": experiment["command"], "values": values, **suite["shared"]}
    if experiment.get("written"):  # a part of the command line, and so of the identity; most suites have none
        parameters["written"] = experiment["written"]
    facts = {name: value for name, value in values.items() if not isinstance(value, list)}
    taken = {name: suite[name] for name in ("devices", "orOne") if suite.get(name)}
    return {
        "index": index,
        "name": experiment["label"],
        "parameters": parameters,
        "facts": facts,
        "estimate": {"memoryMb": suite["memoryMb"] or MEMORY_MB, "seconds": suite["seconds"] or SECONDS},
        "phase": experiment["phase"],
        "queue": experiment["queue"],
        **taken,
    }


def main():
    suite = json.load(sys.stdin)["options"].get("suite")
    if suite is None:
        print("This workload runs suites: name a file, for example my.minibatch.yaml.", file=sys.stderr)
        return 2
    experiments = [described(index, one, suite) for index, one in enumerate(suite["experiments"])]
    phases = {"phases": suite["phases"]} if suite["phases"] else {}
    json.dump({"experiments": experiments, **phases, "notes": []}, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
