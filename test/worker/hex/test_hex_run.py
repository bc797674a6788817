import csv
import json
import signal
import subprocess
import sys

import pytest
import torch
from harness import wait_for
from hex_runs import WORKLOAD, describe, described, ended, events, experiment, rows_of, started

from experiments import CONSTANT_VALUE_LOSS, standardised, uniform_policy_loss
from report import COLUMNS

STUDY_COLUMNS = (
    "experiment_name,date,timestamp,epoch,learning_rate,batch_size,dataset_size,network_structure,policy_weight,value_weight,"
    "total_loss_weight,dropout_prob,weight_decay,policy_loss,value_loss,total_loss,val_policy_loss,val_value_loss,val_total_loss,"
    "training_time,epoch_time,samples_per_second,memory_usage_mb,gpu_memory_mb,early_stopped,best_val_loss,epochs_trained,"
    "gradient_norm,weight_norm_mean,weight_norm_std,notes"
).split(",")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An undisturbed training: its folder, its cache, its result and what it printed."""
    base = tmp_path_factory.mktemp("hex")
    result, printed = ended(base / "run", base / "cache", experiment("policy_heavy"))
    return base / "run", base / "cache", result, printed


def test_quick_is_one_part_of_games_and_six_trainings():
    plan = described(board=7, games=600, completions=96, network="small", epochs=4, **{"batch-size": 256})
    assert [one["phase"] for one in plan["experiments"]] == ["Self-play"] + 6 * ["Training"]
    assert plan["phases"] == [{"name": "Self-play", "needs": []}, {"name": "Training", "needs": ["Self-play"]}]
    assert plan["experiments"][1]["facts"]["parameterCount"] == 47_846
    assert any("policy_intermediate weighs policy 0.33" in note for note in plan["notes"])


def test_full_is_the_study_with_a_probe_where_one_is_asked_for():
    plan = described(**{"batch-probe": [512, 1024, 2048]})
    phases = [one["phase"] for one in plan["experiments"]]
    assert phases == 12 * ["Self-play"] + ["Batch probe"] + 6 * ["Training"]
    assert plan["phases"][2] == {"name": "Training", "needs": ["Batch probe"]}
    assert [one["index"] for one in plan["experiments"]] == list(range(19))
    training = plan["experiments"][-1]
    assert training["facts"]["parameterCount"] == 11_255_466 and training["parameters"]["batchSize"] == 512
    assert {one.get("device") for one in plan["experiments"][:12]} == {"cpu"} and "device" not in training


def test_more_games_leave_the_earlier_parts_what_they_were():
    few, many = (described(games=games)["experiments"] for games in (600, 1300))
    assert few[0]["parameters"] == many[0]["parameters"] and many[2]["name"] == "games 1201 to 1300"


def test_experiments_of_ones_own_stand_beside_the_named_ones():
    plan = described(experiments="policy_heavy", own_experiments="calm learning-rate=0.0002 dropout=0.3; loud policy-weight=2")
    (heavy, calm, loud) = [one for one in plan["experiments"] if one["phase"] == "Training"]
    assert heavy["name"] == "policy_heavy" and calm["parameters"]["learningRate"] == 0.0002 and calm["parameters"]["dropout"] == 0.3
    assert loud["parameters"]["policyWeight"] == 2 and loud["parameters"]["valueWeight"] == 0.5


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"experiments": "policy_haevy"}, "Option experiments has no policy_haevy"),
        ({"experiments": " , "}, "Option experiments is empty"),
        ({"experiments": "none"}, "No experiment is chosen"),
        ({"own_experiments": "policy_heavy dropout=0.2"}, "policy_heavy is no new name"),
        ({"own_experiments": "mine depth=2"}, "mine has no depth; it can change learning-rate"),
        ({"own_experiments": "mine dropout=much"}, "mine has dropout=much; give a number from 0 to 0.99"),
        ({"own_experiments": "mine learning-rate=0"}, "mine has learning-rate=0"),
        ({"own_experiments": "mine policy-weight=0 value-weight=0"}, "mine has no weight left"),
        ({"batch_probe": [1]}, "Option batch-probe"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(options, sentence):
    answer = describe(**options)
    assert answer.returncode == 2 and sentence in answer.stderr and answer.stderr.count("\n") == 1


def test_a_training_reports_its_epochs_and_every_validation_game(whole):
    folder, _, result, printed = whole
    rows = rows_of(folder)
    epochs = [row for row in rows if "epoch" in row]
    assert [row["epoch"] for row in epochs] == [1, 2, 3] and result["rows"] == len(rows) == 3 + 4 * 8 + 3
    best = min(epochs, key=lambda row: row["standardisedLoss"])
    assert result["summary"]["standardised loss"] == pytest.approx(best["standardisedLoss"], abs=0.0011)
    assert best["standardisedLoss"] == pytest.approx(standardised(best["policyLoss"], best["valueLoss"]))
    assert best["validationLoss"] == pytest.approx(0.7 * best["policyLoss"] + 0.3 * best["valueLoss"])
    assert "Playing games 1 to 40 on 5 x 5" in printed
    assert "Policy weight 0.7, value weight 0.3" in printed
    for column, value in (("measure", "standardised"), ("weights", "standard"), ("weights", "own (raw)"), ("head", "policy"), ("head", "value")):
        assert sorted(row["game"] for row in rows if "game" in row and row.get(column) == value) == list(range(8))
    guess = next(row["loss"] for row in rows if row.get("measure") == "guess")
    assert guess == pytest.approx(standardised(uniform_policy_loss(5), CONSTANT_VALUE_LOSS))


def test_memory_is_about_what_the_plan_expects(whole):
    _, _, result, _ = whole
    expected = experiment("policy_heavy")["estimate"]["memoryMb"]
    assert 0.6 * expected < result["peakMemoryBytes"] / 2**20 < 1.15 * expected


def test_curves_hold_both_losses_and_what_guessing_reaches(whole):
    folder, *_ = whole
    values = [event["values"] for event in events(folder, "metric") if "loss/train" in event["values"]]
    assert len(values) == 3
    assert {"loss/validation", "standardised/validation", "accuracy/policy top-1", "norm/gradient"} <= set(values[0])
    assert {one["policy/guess, any cell"] for one in values} == {uniform_policy_loss(5)}
    assert {one["value/guess"] for one in values} == {0.25}
    done = events(folder, "progress")[-1]
    assert done["done"] == done["total"]


def test_the_best_network_and_its_table_are_kept(whole):
    folder, _, result, _ = whole
    weights = torch.load(folder / "artifacts" / "best_model.pt", weights_only=True)
    assert weights["value.bias"].shape == (1,)
    lines = list(csv.DictReader((folder / "artifacts" / "training_metrics.csv").open()))
    assert list(lines[0])[: len(STUDY_COLUMNS)] == STUDY_COLUMNS and tuple(lines[0]) == COLUMNS
    assert [line["epoch"] for line in lines] == ["1", "2", "3", "SUMMARY"]
    assert float(lines[-1]["val_standardized_loss"]) == pytest.approx(result["summary"]["standardised loss"], abs=1e-6)
    document = json.loads((folder / "artifacts" / "experiment_results.json").read_text())
    assert document["best_val_loss_raw"] == float(lines[-1]["best_val_loss"]) and document["config"]["policyWeight"] == 0.7


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_interrupted_and_gone_on_with_the_rows_are_the_same(whole, tmp_path, how):
    undisturbed, cache, _, _ = whole
    first, chosen = tmp_path / "first", experiment("policy_heavy")
    process = started(first, cache, chosen)
    wait_for(lambda: events(first, "checkpoint"), "a checkpoint", 60)
    process.send_signal(how)
    process.communicate()
    if (first / "result.json").exists():
        pytest.skip("It was over before it could be interrupted.")
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    _, printed = ended(tmp_path / "second", cache, chosen, resume=first / "checkpoint")
    assert "Goes on after" in printed and "Playing" not in printed
    assert rows_of(tmp_path / "second", clocks=False) == rows_of(undisturbed, clocks=False)


def test_games_and_probe_are_runs_of_their_own(tmp_path):
    played, printed = ended(tmp_path / "games", tmp_path / "cache", experiment("games 1 to 40"))
    (row,) = rows_of(tmp_path / "games")
    assert row == played["summary"] and row["games"] == 40 and row["positions"] == round(40 * (row["plies, mean"] + 1))
    assert "Blue won" in printed
    probe = experiment("batch sizes 8, 16", batch_probe=[8, 16])
    result, _ = ended(tmp_path / "probe", tmp_path / "cache", probe)
    rows = rows_of(tmp_path / "probe")
    assert [row["batchSize"] for row in rows] == [8, 16] and all(row["samplesPerSecond"] > 0 < row["memoryMb"] for row in rows)
    fastest = max(rows, key=lambda row: row["samplesPerSecond"])
    assert result["summary"]["fastest batch size"] == fastest["batchSize"]


def exported(folder, results):
    done = subprocess.run(
        [sys.executable, "-B", "-S", str(WORKLOAD / "analyze.py"), "tuning", str(folder)],
        input=json.dumps({"results": results}), text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "tuning" / "overall_results.json").read_text())


def result_of(name, policy, value, loss, **changes):
    """A training of one epoch with these weights and validation losses; only what the export reads."""
    parameters = {**experiment(name)["parameters"], **changes}
    row = {
        "epoch": 1, "best": True, "positions": 9, "seconds": 1.5, "finishedAt": 1e9, "samplesPerSecond": 6.0, "memoryMb": 1.0,
        "gpuMemoryMb": None, "gradientNorm": 1.0, "weightNormMean": 1.0, "weightNormStd": 1.0, "warnings": ["Odd.", "Odder."],
        "trainPolicyLoss": 1.0, "trainValueLoss": 1.0, "trainLoss": 1.0, "trainStandardisedLoss": 1.0, "policyLoss": loss[0],
        "valueLoss": loss[1], "validationLoss": policy * loss[0] + value * loss[1], "standardisedLoss": standardised(*loss),
        "top1": 0.2, "valueAccuracy": 0.6,
    }  # fmt: skip
    rows = [row, {"weights": "own (raw)", "loss": 1.0, "game": 0}]
    return {"name": name, "index": 0, "parameters": parameters, "facts": {}, "folder": "/nowhere", "rows": rows}


def test_the_export_ranks_by_the_standardised_loss_and_shows_what_the_raw_one_would(tmp_path):
    heavy = result_of("policy_heavy", 0.7, 0.3, (3.6, 0.20))
    light = result_of("policy_intermediate", 0.33, 0.67, (3.8, 0.25))
    games = {**heavy, "name": "games", "parameters": experiment("games 1 to 40")["parameters"], "rows": [{"games": 40}]}
    overall = exported(tmp_path, [games, light, heavy])
    assert overall["ranking"] == ["policy_heavy", "policy_intermediate"] and overall["ranking_raw"] == overall["ranking"][::-1]
    assert overall["ranking_by"] == "0.14 policy + 0.86 value" and overall["ranking_raw_is_comparable"] is False
    assert overall["moved"] == {"policy_heavy": 1, "policy_intermediate": -1}
    (line, _) = csv.DictReader((tmp_path / "tuning" / "summary.csv").open())
    assert (line["rank_standardized"], line["rank_raw"], line["experiment_name"]) == ("1", "2", "policy_heavy")
    lines = list(csv.DictReader((tmp_path / "tuning" / "training_metrics.csv").open()))
    assert [one["epoch"] for one in lines] == ["1", "SUMMARY", "1", "SUMMARY"] and lines[0]["notes"] == "Odd. Odder."
    assert lines[2]["total_loss_weight"] == "1.0" and lines[3]["early_stopped"] == "True"


def test_equal_names_and_trainings_without_a_finite_loss_stand_in_the_export_too(tmp_path):
    first, second = result_of("policy_heavy", 0.7, 0.3, (3.6, 0.2)), result_of("policy_heavy", 0.7, 0.3, (3.5, 0.2), epochs=1)
    lost = result_of("balanced_weights", 0.5, 0.5, (3.5, 0.2))
    lost["rows"][0] |= {"best": False, "standardisedLoss": "NaN", "validationLoss": "NaN"}
    overall = exported(tmp_path, [first, second, lost])
    assert overall["ranking"] == ["policy_heavy_2", "policy_heavy"] and len(overall["experiments"]) == 3
    assert (tmp_path / "tuning" / "policy_heavy_2" / "config.json").is_file()


def test_the_export_of_a_run_has_its_files_and_network(whole, tmp_path):
    folder, *_ = whole
    plan = json.loads((folder / "run.json").read_text())
    result = {"name": plan["name"], "index": 3, "parameters": plan["parameters"], "facts": {}, "folder": str(folder), "rows": rows_of(folder)}
    exported(tmp_path, [result])
    own = tmp_path / "tuning" / "policy_heavy"
    assert (own / "training_metrics.csv").read_text() == (folder / "artifacts" / "training_metrics.csv").read_text()
    assert (own / "experiment_results.json").read_text() == (folder / "artifacts" / "experiment_results.json").read_text()
    assert (own / "best_model.pt").read_bytes() == (folder / "artifacts" / "best_model.pt").read_bytes()
