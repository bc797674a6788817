from collections import Counter

import pytest
from tolerance_runs import describe, described

from experiments import GROUPS, LAYERS, POSTPONED, REMAINING, TOLERANCES, experiment_at, index_of

QUICK = [index_of(name, tolerance) for name in REMAINING for tolerance in TOLERANCES]


def test_forty_experiments_in_three_groups():
    found = described()["experiments"]
    assert sorted(one["index"] for one in found) == list(range(40))
    assert Counter(one["phase"] for one in found) == {"Core layers": 24, "Scaling study": 8, "Composite models": 8}
    assert list(dict.fromkeys(one["phase"] for one in found)) == list(GROUPS.values())
    assert len({one["name"] for one in found}) == 40


def test_sixteen_and_fourteen_and_ten_are_forty():
    put_off = [one["index"] for one in described()["experiments"] if "postponed" in one]
    earlier = set(range(40)) - set(put_off) - set(QUICK)
    assert (len(QUICK), len(earlier), len(put_off)) == (16, 14, 10)
    assert {experiment_at(index)[0].name for index in put_off} == POSTPONED
    assert not any("postponed" in one for one in described(postpone_convolutions=False)["experiments"])


def test_three_queues_of_four_four_and_eight_run_side_by_side():
    found = described(experiments=QUICK, order="queues")["experiments"]
    assert Counter((one["queue"], one["device"]) for one in found) == {
        ("gpu 0", "cuda:0"): 4, ("gpu 1", "cuda:1"): 4, ("gpu 2", "cuda:2"): 8,
    }  # fmt: skip
    assert len({one["phase"] for one in found}) == 1


def test_every_reason_to_wait_says_what_to_do():
    reasons = {one["postponed"] for one in described()["experiments"] if "postponed" in one}
    assert len(reasons) == 1 and "released" in reasons.pop()


def test_a_layer_without_training_knows_no_epochs():
    """So that another number of epochs trains the networks again and nothing else."""
    some, others = (described(epochs=epochs)["experiments"] for epochs in (3, 4))
    changed = {one["facts"]["layer"] for one, other in zip(some, others, strict=True) if one["parameters"] != other["parameters"]}
    assert changed == {layer.name for layer in LAYERS if layer.kind == "network"}


def test_order_and_release_change_no_experiment():
    first = {one["index"]: one["parameters"] for one in described()["experiments"]}
    again = described(order="queues", postpone_convolutions=False)["experiments"]
    assert {one["index"]: one["parameters"] for one in again} == first


def test_the_second_of_two_networks_is_expected_to_be_shorter():
    seconds = {one["index"]: one["estimate"]["seconds"] for one in described(experiments=QUICK)["experiments"]}
    assert all(seconds[index] > seconds[index + 1] for index in (32, 34, 36, 38))


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"experiments": []}, "empty"),
        ({"experiments": [40]}, "40"),
        ({"experiments": [True]}, "True"),
        ({"scales": [14, 4]}, "scales"),
        ({"scales": [4, 40]}, "scales"),
        ({"scales": [7]}, "scales"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(options, word):
    answer = describe(**options)
    assert answer.returncode == 2 and answer.stdout == ""
    assert word in answer.stderr and len(answer.stderr.splitlines()) == 1
