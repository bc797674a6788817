import hashlib
import json

import pytest
from scaling_runs import OPTIONS, ROOT, WORKLOAD, describe, described

QUICK = {
    "widths": [8, 16, 24, 32, 48], "lstm_widths": [8, 16, 32], "steps": 150, "head_width": 16,
    "sweep_widths": [16, 64], "sweep_rates": "0.01,0.031623,0.1",
}  # fmt: skip


def named(answer):
    return {one["name"]: one for one in answer["experiments"]}


def test_quick_is_twenty_trainings_in_two_phases():
    found = described(**QUICK)["experiments"]
    assert [one["index"] for one in found] == list(range(20)) and len({one["name"] for one in found}) == 20
    assert [one["phase"] for one in found] == ["Widths"] * 8 + ["Learning rates"] * 12
    names = [one["name"] for one in found]
    assert names[0] == "Transformer 8" and names[7] == "LSTM 32" and names[8:10] == ["standard 16 lr 0.01", "muP 16 lr 0.01"]
    assert [one["facts"]["series"] for one in found[6:9]] == ["LSTM", "LSTM", "standard lr 0.01"]
    assert [one["facts"]["model"] for one in found[6:9]] == ["LSTM 16", "LSTM 32", "standard 16"]
    assert {one["parameters"]["layers"] for one in found[8:]} == {2} and {one["parameters"]["steps"] for one in found[8:]} == {80}
    assert [one["parameters"]["layers"] for one in found[:8]] == [1, 1, 2, 2, 3, 1, 2, 4]


def test_the_options_of_the_tests_are_those_of_the_manifest():
    names = [line.split(":")[1].strip() for line in (WORKLOAD / "manifest.yaml").read_text().splitlines() if line.startswith("  - name:")]
    assert set(OPTIONS) == set(names[: len(OPTIONS)]) and (ROOT / "docs" / "workloads" / "scaling.md").is_file()


def test_every_combination_has_a_name_of_its_own():
    found = described(activations="gelu,relu,swiglu", seeds=[123, 456], learning_rates="0.001,1e-2", lstm_widths=[16])["experiments"]
    # An LSTM has no activation to choose, so it is trained once where the others are three times.
    assert len(found) == 2 * 3 * 2 * 2 + 4 and len({one["name"] for one in found}) == len(found)
    assert "Transformer 16 relu lr 0.001 seed 456" in named({"experiments": found})
    assert len({json.dumps(one["parameters"], sort_keys=True) for one in found}) == len(found)


def test_a_name_is_no_part_of_what_an_experiment_is():
    assert [one["parameters"] for one in described(folder="x")["experiments"]] == [one["parameters"] for one in described()["experiments"]]
    facts = described(folder="x", **{"sweep_widths": [16]})["experiments"][-1]["facts"]
    assert facts["group"] == "x_lr_sweep" and facts["label"] == "muP 16 lr 0.1"


def test_mup_takes_no_other_initial_weights_so_nothing_is_trained_twice():
    found = named(described(parametrisations="standard,mup", initialisations="fan-in,small", widths=[16]))
    assert sorted(found) == ["Transformer 16 muP fan-in", "Transformer 16 standard fan-in", "Transformer 16 standard small"]


@pytest.mark.parametrize("budget, steps", [({"steps": 7}, 7), ({"steps": 0, "tokens": 2049}, 2), ({"steps": 0, "tokens_per_parameter": 20}, 41)])
def test_a_budget_in_steps_in_tokens_or_by_parameters(budget, steps):
    one = described(widths=[16], **budget)["experiments"][0]
    assert one["parameters"]["steps"] == steps and one["facts"]["tokens"] == steps * 2048
    assert one["facts"]["flops"] == 6 * one["facts"]["parameterCount"] * steps * 2048


def test_a_text_is_known_by_its_content(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"to be or not " * 1000)
    one = described(text=str(path), widths=[16])["experiments"][0]
    assert one["parameters"]["textHash"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert one["facts"]["parameterCount"] > described(widths=[16])["experiments"][0]["facts"]["parameterCount"] + 192 * 16


@pytest.mark.parametrize(
    "options, sentence",
    [
        ({"widths": [17]}, "Option widths has no 17: give even widths"),
        ({"widths": [], "sweep_widths": []}, "mean no experiment"),
        ({"activations": "gelu,grelu"}, "Option activations has no grelu: give some of gelu, relu"),
        ({"learning_rates": "0.1,fast"}, "Option learning-rates has no fast"),
        ({"learning_rates": " , "}, "Option learning-rates is empty"),
        ({"tokens": 5}, "exactly one of steps, tokens and tokens-per-parameter"),
        ({"accumulation": 3}, "does not divide the batch of 32"),
        ({"processes": 5}, "Option processes is 5, which does not divide the batch of 32"),
        ({"parametrisations": "mup", "optimisers": "sgd"}, "another optimiser than sgd"),
        ({"text": "/nowhere/text"}, "/nowhere/text cannot be read (No such file or directory)"),
        ({"seeds": []}, "Option seeds is empty"),
        ({"base_width": 7}, "Option base-width has no 7"),
        ({"seeds": list(range(6000))}, "more than 10000 experiments"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_refused_in_a_sentence(options, sentence):
    answer = describe(**options)
    assert answer.returncode == 2 and sentence in answer.stderr and answer.stderr.count("\n") == 1


def test_processes_are_how_a_training_runs_and_no_part_of_what_it_is():
    one, two = described()["experiments"], described(processes=2, dropout=0.1)
    assert [one["parameters"] for one in described(processes=2)["experiments"]] == [each["parameters"] for each in one]
    assert all(each["devices"] == 2 and each["orOne"] for each in two["experiments"]) and "devices" not in one[0]
    assert any("leave out other numbers" in note for note in two["notes"])
    assert two["experiments"][0]["estimate"]["memoryMb"] > 1.8 * one[0]["estimate"]["memoryMb"]


def test_a_base_wider_than_the_smallest_model_is_told():
    assert any("wider than the smallest model" in note for note in described(parametrisations="mup", base_width=128)["notes"])
    assert not any("wider than" in note for note in described(parametrisations="mup")["notes"])
