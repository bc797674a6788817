"""Writes the study's own result files. `analyze.py yaml <output folder>`, results on standard input; see docs/formats.md."""

import json
import os
import sys
from pathlib import Path

FILE = "n_sample_memorization_results_{shape}.yaml"
COLUMNS = {"results": "ratio", "generalisation": "generalisation"}


def scalar(value):
    """A YAML scalar. JSON's are YAML's too, except that JSON has no word for the non-finite numbers."""
    if value in ("NaN", "Infinity", "-Infinity"):
        return {"NaN": ".nan", "Infinity": ".inf", "-Infinity": "-.inf"}[value]
    return json.dumps(value, ensure_ascii=False)


def metadata(result):
    parameters, rows = result["parameters"], result["rows"]
    return {
        "architecture": result["name"],
        "architecture_index": result["index"],
        "hidden_sizes": parameters["hidden"],
        "parameters": result["facts"].get("parameterCount"),
        "target_ratios": parameters["targetRatios"],
        "epochs": parameters["epochs"],
        "n_values": parameters["n"],
        "features": parameters["features"],
        "normalization": parameters["normalization"],
        "transposed_loss": parameters["transposedLoss"],
        "data_seed": parameters["dataSeed"],
        "num_pairs": 6,
        "n_fa": 1,
        "ratios": len(rows),
        "run_folder": result["folder"],
    }


def document(result):
    """Metadata, then for each N the list of ratios in the order of trials; the same for the unseen scenarios."""
    lines = ["metadata:"]
    lines += [f"  {name}: {scalar(value)}" for name, value in metadata(result).items()]
    for title, column in COLUMNS.items():
        rows = [row for row in result["rows"] if column in row]
        lines.append(f"{title}:" if rows or title == "results" else f"{title}: {{}}")
        for count in sorted({row["n"] for row in rows}):
            lines.append(f"  {count}:")
            lines += [f"    - {scalar(row[column])}" for row in rows if row["n"] == count]
    return "\n".join(lines) + "\n"


def main(arguments):
    if len(arguments) != 2 or arguments[0] != "yaml":
        print("Usage: analyze.py yaml <output folder>; yaml is the only format.", file=sys.stderr)
        return 2
    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    for result in json.load(sys.stdin)["results"]:
        path = folder / FILE.format(shape="_".join(str(size) for size in result["parameters"]["hidden"]))
        temporary = path.with_name(path.name + ".tmp")
        temporary.write_text(document(result), encoding="utf-8")
        os.replace(temporary, path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
