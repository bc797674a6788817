"""Writes the study's three tables. `analyze.py comprehensive <output folder>`, results on standard input; see docs/formats.md.

All three follow from the rows alone, so they can be written again at any time, also while a batch is going on.
"""

import csv
import json
import os
import statistics
import sys
from pathlib import Path

RESULT_COLUMNS = (
    "ode_system", "noise_level", "trial", "method", "category", "language", "deriv_order", "rmse", "mae", "nrmse", "timing",
    "valid_points", "total_points", "suspicious",
)  # fmt: skip
NAMED_OTHERWISE = {"category": "family", "timing": "seconds"}
GROUP = ("ode_system", "noise_level", "method", "category", "language", "deriv_order")
MEASURED = ("rmse", "mae", "nrmse", "timing")
FAILURE_COLUMNS = (
    "method", "deriv_order", "noise_level", "successes", "failures", "failure_rate", "affected_systems", "reasons",
)  # fmt: skip
NON_FINITE = {"NaN": "nan", "Infinity": "inf", "-Infinity": "-inf"}


def rows_of(results):
    """All rows in one order, whichever method of a configuration was through first."""
    rows = [row for result in results for row in result["rows"]]
    return sorted(rows, key=lambda row: [row[name] for name in ("ode_system", "noise_level", "trial", "method", "deriv_order")])


def cell(row, column):
    value = row.get(NAMED_OTHERWISE.get(column, column), "")
    return NON_FINITE.get(value, value) if isinstance(value, str) else value


def grouped(rows, columns):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(cell(row, name) for name in columns), []).append(row)
    return groups


def result_table(rows):
    return RESULT_COLUMNS, [[cell(row, name) for name in RESULT_COLUMNS] for row in rows if row["state"] == "ok"]


def summary_table(rows):
    """Mean, sample deviation (0 for a single trial), least and greatest value over the trials."""
    kinds = ("mean", "std", "min", "max")
    table = []
    for key, group in grouped([row for row in rows if row["state"] == "ok"], GROUP).items():
        line = [*key, len(group)]
        for name in MEASURED:
            values = [float(cell(row, name)) for row in group]
            finite = all(abs(value) < float("inf") for value in values)
            spread = statistics.stdev(values) if finite and len(values) > 1 else 0.0 if finite else float("nan")
            line += [sum(values) / len(values), spread, min(values), max(values)]
        table.append(line)
    return (*GROUP, "trials", *(f"{name}_{kind}" for name in MEASURED for kind in kinds)), table


def failure_table(rows):
    """One line for each method, order and noise level at which something failed."""
    table = []
    for key, group in sorted(grouped(rows, ("method", "deriv_order", "noise_level")).items()):
        failed = [row for row in group if row["state"] != "ok"]
        if failed:
            systems = sorted({row["ode_system"] for row in failed})
            reasons = sorted({row["reason"] for row in failed})
            table.append([*key, len(group) - len(failed), len(failed), round(len(failed) / len(group), 6), " ".join(systems), "; ".join(reasons)])
    return FAILURE_COLUMNS, table


FILES = {"comprehensive_results.csv": result_table, "comprehensive_summary.csv": summary_table, "failure_report.csv": failure_table}


def main(arguments):
    if len(arguments) != 2 or arguments[0] != "comprehensive":
        print("Usage: analyze.py comprehensive <output folder>; comprehensive is the only format.", file=sys.stderr)
        return 2
    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    rows = rows_of(json.load(sys.stdin)["results"])
    for name, table in FILES.items():
        columns, lines = table(rows)
        temporary = folder / (name + ".tmp")
        with open(temporary, "w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, *lines])
        os.replace(temporary, folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
