"""Writes one result document per experiment into `results/<group>/`. `analyze.py results <output folder>`; see docs/formats.md."""

import json
import os
import sys
from pathlib import Path

from experiments import BY_NAME
from report import document, file_name


def complete(result):
    """What the run itself wrote has its latency and memory; without that file the rows still say the rest."""
    parameters = result["parameters"]
    path = Path(result["folder"]) / "artifacts" / file_name(parameters["layer"], parameters["tolerance"])
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return document(parameters, result["rows"])


def main(arguments):
    if len(arguments) != 2 or arguments[0] != "results":
        print("Usage: analyze.py results <output folder>; results is the only format.", file=sys.stderr)
        return 2
    for result in json.load(sys.stdin)["results"]:
        parameters = result["parameters"]
        folder = Path(arguments[1]) / "results" / BY_NAME[parameters["layer"]].group
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / file_name(parameters["layer"], parameters["tolerance"])
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(json.dumps(complete(result), indent=1) + "\n", encoding="utf-8")
        os.replace(temporary, path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
