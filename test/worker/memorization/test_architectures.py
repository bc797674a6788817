import json
import subprocess
import sys

import pytest
from workload_modules import WORKLOADS

from architectures import SHAPES, parameter_count, trials_for
from network import layout_of

WORKLOAD = WORKLOADS / "memorization"
SUMMARY = [
    1670, 5382, 12006, 18950, 44006, 70662, 168006, 272390, 1069062, 4235270,
    19014, 44106, 70790, 272646, 1069574, 23206, 54256, 338566, 1332486,
]  # fmt: skip
FULL = [
    2438, 6918, 14406, 22022, 48806, 76806, 177606, 284678, 1093638, 4284422,
    22086, 48906, 76934, 284934, 1094150, 26278, 59056, 350854, 1357062,
]  # fmt: skip
OPTIONS = {
    "architectures": list(range(19)), "target-ratios": 200, "epochs": 1000, "n": [1, 2, 5, 10, 100],
    "features": "summary", "normalization": "global", "transposed-loss": False, "generalisation-scenarios": 100,
    "scenarios": 1000, "environment": "rural", "area": 1000, "learning-rate": 0.03, "batch-size": 64,
    "patience": 300, "min-delta": 0.001, "chunk-size": 0,
}  # fmt: skip


def describe(**options):
    request = {"options": {**OPTIONS, **{name.replace("_", "-"): value for name, value in options.items()}}, "seed": 42}
    return subprocess.run(
        [sys.executable, "-B", "-S", str(WORKLOAD / "describe.py")],
        input=json.dumps(request), capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def all_of_them():
    return json.loads(describe().stdout)["experiments"]


def test_counts_of_all_shapes():
    assert [parameter_count(hidden) for _, hidden in SHAPES] == SUMMARY
    assert [parameter_count(hidden, "full") for _, hidden in SHAPES] == FULL


@pytest.mark.parametrize("samples", [10, 11])
@pytest.mark.parametrize("features", ["summary", "full"])
def test_the_count_is_that_of_the_network_really_built(features, samples):
    for _, hidden in SHAPES[:5] + SHAPES[15:17]:
        blocks = [block for layer in layout_of(hidden, features, samples).layers for block in (layer.weight, layer.bias, layer.scale, layer.shift)]
        built = sum(block.rows * block.columns for block in blocks if block is not None)
        assert built == parameter_count(hidden, features, batch_norm=samples > 10)


def test_a_network_has_362_trainings_at_the_defaults():
    assert sum(trials_for(200, count) for count in OPTIONS["n"]) == 362


def test_describes_nineteen_experiments(all_of_them):
    assert [experiment["index"] for experiment in all_of_them] == list(range(19))
    assert [experiment["facts"]["parameterCount"] for experiment in all_of_them] == SUMMARY
    assert all_of_them[13]["name"] == "[512, 256, 512]"
    assert [all_of_them[index]["facts"]["class"] for index in (0, 4, 8, 9, 14, 18)] == ["Small", "Medium", "Large", "XLarge", "Deep", "Very Deep"]
    assert {experiment["facts"]["hiddenLayers"] for experiment in all_of_them[10:15]} == {3}


def test_estimates_grow_with_the_network(all_of_them):
    seconds = [experiment["estimate"]["seconds"] for experiment in all_of_them[:10]]
    assert seconds == sorted(seconds) and seconds[0] > 0
    assert all_of_them[9]["estimate"]["memoryMb"] > all_of_them[0]["estimate"]["memoryMb"] > 200


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"architectures": [0, 19]}, ["architectures", "19", "0 to 18"]),
        ({"architectures": [-1]}, ["architectures", "-1"]),
        ({"architectures": []}, ["architectures", "empty"]),
        ({"n": [0]}, ["Option n", "0"]),
        ({"n": [2000]}, ["Option n", "2000", "1000"]),
    ],
)
def test_refuses_bad_options_in_one_sentence(options, words):
    answer = describe(**options)
    assert answer.returncode == 2 and answer.stdout == ""
    assert len(answer.stderr.strip().splitlines()) == 1
    assert all(word in answer.stderr for word in words)


def test_naming_an_architecture_twice_trains_it_once():
    experiments = json.loads(describe(architectures=[3, 1, 3]).stdout)["experiments"]
    assert [experiment["index"] for experiment in experiments] == [3, 1]
