"""Writes tables, the fitted law, or a script for a cluster. `analyze.py <format> <output folder>`, results on standard input; see docs/formats.md."""

import csv
import io
import itertools
import json
import math
import os
import re
import sys
from pathlib import Path

COLUMNS = {
    "step": "step",
    "training_loss": "trainingLoss",
    "validation_loss": "validationLoss",
    "total_flops_profiler": "countedFlops",
    "theoretical_flops": "flops",
    "tokens": "tokens",
    "learning_rate": "learningRate",
}
NON_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def number(value):
    return NON_FINITE.get(value, value) if isinstance(value, str) else value


def file_name(label):
    """Letters, digits, underscores, and the point of a rate: lr_0.01 reads as what it is."""
    return re.sub(r"[^A-Za-z0-9_.]", "", label.replace(" ", "_"))


def replace(path, text):
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def table(rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        values = (number(row.get(name)) for name in COLUMNS.values())
        writer.writerow("" if value is None else value for value in values)
    return text.getvalue()


def write_tables(folder, results):
    """`<group>/<label>.csv` and its configuration. A second result of a label gets a number behind it; no file is written twice."""
    used = set()
    for result in results:
        facts = result["facts"]
        name = file_name(facts.get("label", result["name"]))
        group = file_name(facts.get("group", "scaling"))
        names = (name if at == 1 else f"{name}_{at}" for at in itertools.count(1))
        free = next(one for one in names if (group, one) not in used)
        used.add((group, free))
        replace(folder / group / f"{free}.csv", table(result["rows"]))
        config = {"label": result["name"], "index": result["index"], "run_folder": result["folder"], **facts, **result["parameters"]}
        replace(folder / group / f"config_{free}.json", json.dumps(config, indent=1, ensure_ascii=False) + "\n")


def trainings_of(results):
    """By architecture: parameters, then tokens and losses of each training in the standard parametrisation.

    The sweep of the second study says how bad rates are, not how size helps; of equal models only the best rate counts.
    """
    best = {}
    for result in results:
        if result["facts"].get("study") == "rates":
            continue
        parameters = result["parameters"]
        # Early losses tell of the warm-up, not of the law.
        measured = [
            (row["tokens"], number(row["validationLoss"])) for row in result["rows"] if row["step"] >= parameters["steps"] / 4
        ]
        final = min((loss for tokens, loss in measured[-1:] if math.isfinite(loss)), default=math.inf)
        kind = tuple(str(value) for name, value in sorted(parameters.items()) if name not in ("learningRate", "modelSeed"))
        if kind not in best or final < best[kind][0]:
            best[kind] = (final, parameters, (result["facts"]["parameterCount"], measured))
    groups = {}
    for _, parameters, training in best.values():
        if parameters["parametrisation"] == "standard":
            groups.setdefault((parameters["architecture"], parameters["text"]), []).append(training)
    return groups


def best_rates(results):
    """Lowest final loss of each line of a sweep, and rate = c * width^b through the best rates of a parametrisation."""
    finals = {}
    for result in results:
        parameters, last = result["parameters"], number(result["rows"][-1]["validationLoss"]) if result["rows"] else math.nan
        if math.isfinite(last):
            key = (parameters["architecture"], parameters["parametrisation"], parameters["steps"], parameters["width"])
            finals.setdefault(key, {}).setdefault(parameters["learningRate"], []).append(last)
    means = {key: {rate: sum(own) / len(own) for rate, own in rates.items()} for key, rates in finals.items() if len(rates) > 2}
    lines = {}
    for (*kind, width), rates in sorted(means.items()):
        lines.setdefault(tuple(kind), []).append((width, min(rates, key=rates.get), min(rates.values())))
    return [
        {
            "architecture": architecture, "parametrisation": rule, "steps": steps,
            "best": [{"width": width, "rate": rate, "loss": loss} for width, rate, loss in line], **power(line),
        }
        for (architecture, rule, steps), line in lines.items()
    ]  # fmt: skip


def power(line):
    """Least squares of log rate against log width."""
    if len(line) < 2:
        return {}
    points = [(math.log(width), math.log(rate)) for width, rate, _ in line]
    middle = [sum(values) / len(points) for values in zip(*points, strict=True)]
    spread = sum((x - middle[0]) ** 2 for x, _ in points)
    exponent = sum((x - middle[0]) * (y - middle[1]) for x, y in points) / spread
    return {"c": math.exp(middle[1] - exponent * middle[0]), "b": exponent}


def source_losses(results):
    """Mean loss, on the tokens that models were measured on, of a reader who knows the source. None where nobody does."""
    lasts = [result["rows"][-1] for result in results if result["rows"] and "aboveSource" in result["rows"][-1]]
    found = [number(last["validationLoss"]) - number(last["aboveSource"]) for last in lasts]
    found = [value for value in found if math.isfinite(value)]
    return sum(found) / len(found) if found else None


def write_fit(folder, results):
    from language import synthetic
    from law import CannotFit, fit

    floors, reached = synthetic().floors, source_losses(results)
    document = {"model": "L(N, D) = E + A / N^alpha + B / D^beta", "entropies": floors, "source_on_validation": reached, "fits": [], "best_rates": best_rates(results)}
    for (architecture, text), trainings in trainings_of(results).items():
        for fixed in (None, reached) if reached and not text else (None,):
            own = {"architecture": architecture, "reads": text or "synthetic language", "trainings": len(trainings)}
            try:
                own |= fit(trainings, fixed)
            except CannotFit as problem:
                own["not_fitted"] = str(problem)
            document["fits"].append(own)
    replace(folder / "scaling_fit.json", json.dumps(document, indent=1) + "\n")
    replace(folder / "scaling_fit.txt", text_of(document))


def text_of(document):
    lines = [document["model"], "N: all parameters; D: tokens; losses in nats per token.", ""]
    for one in document["fits"]:
        lines.append(f"{one['architecture']}, {one['reads']}, {one['trainings']} trainings")
        if "not_fitted" in one:
            lines += [f"  not fitted: {one['not_fitted']}", ""]
            continue
        lines.append(f"  {one['points']} losses, {one['sizes']} sizes, E {one['irreducible_loss']}")
        for name, (low, high) in one["intervals"].items():
            lines.append(f"  {name:20} {one[name]:>12.5g}   90 % between {low:.5g} and {high:.5g}")
        lines += [*(f"  {sentence}" for sentence in one["doubts"]), ""]
    lines += [
        "Models this small learn which token follows which and little more, so a fitted E tends to lie between the entropy of the",
        "source and that of its bigrams, and changes with the budget. Intervals come from resampling whole trainings; with",
        "few sizes they say how much the answer hangs on each of them. Losses on the way of a training count as points",
        "although their rate has not come down yet, which makes B and beta look larger than those of separate trainings.",
        "",
    ]
    lines += [f"{name} entropy: {value:.4f}" for name, value in document["entropies"].items()]
    if document["source_on_validation"] is not None:
        lines.append(f"source on the validation tokens, which a fixed E is: {document['source_on_validation']:.4f}")
    for line in document["best_rates"]:
        found = ", ".join(f"{one['width']}: {one['rate']:g} ({one['loss']:.3f})" for one in line["best"])
        follows = f"; rate = {line['c']:.3g} * width^{line['b']:.2f}" if "b" in line else ""
        lines += ["", f"Best rate by width, {line['architecture']}, {line['parametrisation']}, {line['steps']} steps: {found}{follows}"]
    return "\n".join(lines) + "\n"


def write_figure(folder, results):
    """Mean final losses of equal models over their seeds; a training that diverged is left out."""
    from figure import picture
    from language import synthetic

    lines = {"widths": {}, "rates": {}}
    reads_text = False
    for result in results:
        facts, parameters = result["facts"], result["parameters"]
        last = number(result["rows"][-1]["validationLoss"]) if result["rows"] else math.nan
        if not math.isfinite(last):
            continue
        reads_text = reads_text or bool(parameters["text"])
        rates = facts["study"] == "rates"
        x = parameters["learningRate"] if rates else facts["parameterCount"]
        lines[facts["study"]].setdefault(facts["model" if rates else "series"], {}).setdefault(x, []).append(last)
    widths, rates = (
        {name: [(x, sum(losses) / len(losses)) for x, losses in sorted(points.items())] for name, points in own.items()}
        for own in lines.values()
    )
    if not widths and not rates:
        raise SystemExit("No training has ended with a loss that can be drawn.")
    floors = {} if reads_text else synthetic().floors
    replace(folder / "scaling_loss.svg", picture(widths, rates, floors))


def write_slurm(folder, results):
    from cluster import write

    plans = [json.loads((Path(result["folder"]) / "run.json").read_text(encoding="utf-8")) for result in results]
    write(folder, plans)


WRITERS = {"tables": write_tables, "fit": write_fit, "figure": write_figure, "slurm": write_slurm}


def main(arguments):
    if len(arguments) != 2 or arguments[0] not in WRITERS:
        print(f"Usage: analyze.py <format> <output folder>; formats are {', '.join(WRITERS)}.", file=sys.stderr)
        return 2
    folder = Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    WRITERS[arguments[0]](folder, json.load(sys.stdin)["results"])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
