import csv
import io
import json
import math

import numpy as np
import pytest
from scaling_runs import PARAMETERS, analyzed

from law import CannotFit, fit, starts
from lbfgs import minimise

TRUE = {"E": 1.8, "A": 40.0, "alpha": 0.34, "B": 60.0, "beta": 0.3}


def loss(parameters, tokens):
    return TRUE["E"] + TRUE["A"] / parameters ** TRUE["alpha"] + TRUE["B"] / tokens ** TRUE["beta"]


def planted(noise=1e-3):
    random = np.random.default_rng(0)
    return [
        (size, [(tokens, loss(size, tokens) * math.exp(random.normal(0, noise))) for tokens in np.geomspace(1e4, 1e7, 8)])
        for size in (1e3, 4e3, 2e4, 1e5, 4e5)
    ]


def test_many_starts_reach_the_bottom_of_a_narrow_valley():
    def rosenbrock(points, rows):
        x, y = points.T
        values = (1 - x) ** 2 + 100 * (y - x**2) ** 2
        return values, np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)], 1)

    points, values = minimise(rosenbrock, [[-1.2, 1.0], [3.0, -2.0], [0.0, 0.0]])
    assert np.allclose(points, 1, atol=1e-4) and values.max() < 1e-8


def test_a_planted_law_is_found_again():
    found = fit(planted())
    assert found["E"] == pytest.approx(1.8, rel=0.02) and found["alpha"] == pytest.approx(0.34, rel=0.05)
    assert found["beta"] == pytest.approx(0.3, rel=0.05)
    assert found["alpha_beta_over_sum"] == pytest.approx(0.34 * 0.3 / 0.64, rel=0.05)
    assert found["points"] == 40 and found["sizes"] == 5 and found["starts"] == len(starts()) == 432
    for name, (low, high) in found["intervals"].items():
        assert low <= found[name] <= high, name
    fixed = fit(planted(), 1.8)
    assert fixed["E"] == pytest.approx(1.8) and fixed["alpha"] == pytest.approx(0.34, rel=0.02)


def test_one_wild_loss_and_missing_ones_change_little():
    spoilt = planted()
    spoilt[2][1][3] = (spoilt[2][1][3][0], 9.0)
    spoilt[0][1][1] = (spoilt[0][1][1][0], math.nan)
    found = fit(spoilt)
    assert found["points"] == 39 and found["alpha"] == pytest.approx(0.34, rel=0.1)


def test_too_little_is_refused_in_a_sentence():
    with pytest.raises(CannotFit, match="16 usable losses of 2 sizes; a fit needs at least 8 losses of 3 sizes"):
        fit(planted()[:2])


def result(index, width, rate=0.01, rule="standard", name=None, rows=None):
    size = 100 * width**2
    steps = [4, 10, 20, 40]
    rows = rows or [{"step": step, "tokens": step * 2048, "validationLoss": loss(size, step * 2048) + abs(math.log10(rate) + 2) / 10} for step in steps]
    parameters = {**PARAMETERS, "width": width, "learningRate": rate, "parametrisation": rule}
    facts = {"label": name or f"T {width} lr {rate}", "group": "scaling", "parameterCount": size}
    return {"name": facts["label"], "index": index, "parameters": parameters, "facts": facts, "folder": "/x", "rows": rows}


def test_the_fit_is_written_for_machines_and_for_people(tmp_path):
    results = [result(at, width, rate) for at, (width, rate) in enumerate((w, r) for w in (8, 16, 32, 64) for r in (0.001, 0.01, 0.1))]
    results.append(result(99, 16, 0.01, rule="mup"))
    analyzed("fit", tmp_path, results)
    document = json.loads((tmp_path / "scaling_fit.json").read_text())
    (own,) = document["fits"]
    # Bad rates, other parametrisations and the first quarter are no points of the law.
    assert own["trainings"] == 4 and own["points"] == 12 and own["alpha"] == pytest.approx(0.34, rel=0.1)
    (best,) = document["best_rates"]
    assert [one["rate"] for one in best["best"]] == [0.01] * 4 and best["b"] == pytest.approx(0, abs=1e-9) and best["c"] == pytest.approx(0.01)
    text = (tmp_path / "scaling_fit.txt").read_text()
    assert "source entropy: 2.6511" in text and "90 % between" in text and "rate = 0.01 * width^" in text


def test_a_table_for_each_label_with_its_configuration(tmp_path):
    rows = [
        {"step": 0, "tokens": 0, "trainingLoss": None, "validationLoss": 4.2, "flops": 0, "countedFlops": 0, "learningRate": 0.0},
        {"step": 4, "tokens": 64, "trainingLoss": "NaN", "validationLoss": "NaN", "flops": 12, "countedFlops": 11, "learningRate": 0.01},
    ]
    name = "Transformer 8 lr 0.01"
    results = [result(0, 8, name=name, rows=rows), result(1, 8, name=name, rows=rows), result(2, 16, name="a/../b", rows=rows)]
    analyzed("tables", tmp_path, results)
    written = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    first = "scaling/Transformer_8_lr_0.01"
    assert f"{first}.csv" in written and f"{first}_2.csv" in written and "scaling/config_Transformer_8_lr_0.01.json" in written
    assert "scaling/a..b.csv" in written and len(written) == 6
    lines = list(csv.DictReader(io.StringIO((tmp_path / f"{first}.csv").read_text())))
    assert list(lines[0])[:6] == ["step", "training_loss", "validation_loss", "total_flops_profiler", "theoretical_flops", "tokens"]
    assert lines[0]["training_loss"] == "" and math.isnan(float(lines[1]["validation_loss"])) and lines[1]["tokens"] == "64"
    assert json.loads((tmp_path / "scaling" / "config_Transformer_8_lr_0.01.json").read_text())["width"] == 8
    # A training that diverged does not stop the fit of the others.
    analyzed("fit", tmp_path, results)
    assert "needs at least" in (tmp_path / "scaling_fit.txt").read_text()


def test_a_figure_has_both_panels_the_floors_and_no_training_that_diverged(tmp_path):
    from xml.etree import ElementTree

    def drawn(one, study):
        return {**one, "facts": {**one["facts"], "study": study, "series": "Transformer", "model": f"muP {one['parameters']['width']}"}}

    results = [drawn(result(at, width), "widths") for at, width in enumerate((8, 16, 32))]
    results += [drawn(result(9, 16, rate), "rates") for rate in (0.001, 0.01, 0.1)]
    lost = [{"step": 40, "tokens": 1, "validationLoss": "NaN"}]
    results.append(drawn(result(10, 64, rows=lost), "widths"))
    analyzed("figure", tmp_path, results)
    picture = ElementTree.fromstring((tmp_path / "scaling_loss.svg").read_text())
    words = [one.text for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    for word in ("Loss over size", "Loss over learning rate", "Transformer", "muP 16"):
        assert words.count(word) == 1
    assert words.count("source entropy") == 2
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}circle"))) == 6
