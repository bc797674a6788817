"""Writes one result document per experiment into `results/<group>/`. `analyze.py results <output folder>`; see docs/formats.md."""

import csv
import io
import json
import os
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from experiments import BY_NAME
from proofs import NUMBERS
from report import document, file_name

PROOFS = "proofs_beside_results.csv"


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
    results = json.load(sys.stdin)["results"]
    write_proofs(Path(arguments[1]), results)
    for result in results:
        parameters = result["parameters"]
        folder = Path(arguments[1]) / "results" / BY_NAME[parameters["layer"]].group
        folder.mkdir(parents=True, exist_ok=True)
        replace(folder / file_name(parameters["layer"], parameters["tolerance"]), json.dumps(complete(result), indent=1) + "\n")
    return 0


def write_proofs(folder, results):
    """A table of what a proof cost elsewhere beside what the study found here, where a person gave such numbers."""
    proved = [result for result in results if "proofSeconds" in result["facts"]]
    if not proved:
        return
    folder.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("layer", "tolerance_percent", "minimum_scale", "circuit_rows_proxy", *NUMBERS))
    for result in proved:
        found = complete(result)
        own = (found["model_name"], found["tolerance"], found["minimum_scale"], found["num_constraints_proxy"])
        table.writerow((*own, *(result["facts"].get(name, "") for name in NUMBERS)))
    replace(folder / PROOFS, text.getvalue())


def replace(path, text):
    """Whole or not at all."""
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
