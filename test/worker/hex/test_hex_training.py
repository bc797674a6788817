import dataclasses
import itertools
import math

import numpy as np
import pytest
import torch
from torch import nn

import network
import probe
import train
from early_stopping import EarlyStopping
from experiments import SETTINGS, SHAPES, Shape, parameter_count, standardised, uniform_policy_loss
from game_data import split_games
from losses import mean_losses, policy_losses, right_moves, value_losses, weighted
from minibatch.adam import Adam
from positions import Positions
from sanity import warnings
from self_play import NO_MOVE
from training import Recipe, Training

RECIPE = Recipe(0.01, 0.1, 1e-4, 0.7, 0.3, epochs=3, batch_size=64, seed=5)


@pytest.fixture
def training(played):
    spec, games, _ = played
    parts = [Positions(games, part, spec.board) for part in split_games(spec)]
    return lambda **changes: Training(SHAPES["small"], dataclasses.replace(RECIPE, **changes), *parts, "cpu")


@pytest.mark.parametrize(("name", "board", "count"), [("small", 7, 47_846), ("resnet18", 13, 11_255_466)])
def test_networks_have_as_many_parameters_as_they_should(name, board, count):
    with torch.device("meta"):
        built = network.build(SHAPES[name], board, 0.1, 0)
    assert sum(values.numel() for values in built.parameters()) == parameter_count(SHAPES[name], board) == count


def test_a_network_that_is_not_what_its_name_says_is_refused(monkeypatch):
    monkeypatch.setattr(network, "parameter_count", lambda shape, board: 7)
    with pytest.raises(RuntimeError, match="has 47846 parameters and should have 7"):
        network.build(SHAPES["small"], 7, 0.1, 0)


@pytest.mark.parametrize("shape", [SHAPES["small"], Shape("tiny", 2, (8, 12), (1, 2), False)])
def test_heads_answer_for_every_cell_and_for_the_board(shape):
    policy, value = network.build(shape, 7, 0.1, 0)(torch.zeros(3, shape.planes, 7, 7))
    assert policy.shape == (3, 49) and value.shape == (3,)


def test_the_six_experiments_are_those_of_the_study():
    assert [(s.name, s.learning_rate, s.dropout, s.weight_decay, s.policy_weight, s.value_weight) for s in SETTINGS] == [
        ("balanced_weights", 0.001, 0.1, 1e-4, 0.5, 0.5),
        ("balanced_high_weight_decay", 0.001, 0.1, 1e-3, 0.5, 0.5),
        ("policy_heavy", 0.001, 0.1, 1e-4, 0.7, 0.3),
        ("policy_intermediate", 0.001, 0.1, 1e-4, 0.33, 0.67),
        ("balanced_no_dropout", 0.001, 0.0, 1e-4, 0.5, 0.5),
        ("balanced_high_lr", 0.003, 0.1, 1e-4, 0.5, 0.5),
    ]


def test_losses_are_what_a_hand_computes():
    logits = torch.tensor([[0.0, math.log(3.0)], [1.0, 1.0], [5.0, 0.0]])
    targets = torch.tensor([1, 0, NO_MOVE])
    policy = policy_losses(logits, targets)
    torch.testing.assert_close(policy, torch.tensor([math.log(4 / 3), math.log(2.0), 0.0]))
    value = value_losses(torch.tensor([0.5, 1.0, -1.0]), torch.tensor([1.0, 1.0, 0.0]))
    torch.testing.assert_close(value, torch.tensor([0.25, 0.0, 1.0]))
    means = mean_losses(policy, value, targets)
    torch.testing.assert_close(means[0], torch.tensor((math.log(4 / 3) + math.log(2.0)) / 2))
    torch.testing.assert_close(means[1], torch.tensor(1.25 / 3))
    assert float(weighted(2.0, 0.5, RECIPE)) == pytest.approx(0.7 * 2.0 + 0.3 * 0.5)
    assert standardised(2.0, 0.5) == pytest.approx(0.14 * 2.0 + 0.86 * 0.5)
    assert right_moves(logits, targets).tolist() == [True, True, False]


def test_guessing_has_the_losses_that_are_drawn_as_baselines():
    count = 49
    policy = policy_losses(torch.zeros(4, count), torch.tensor([0, 7, 48, NO_MOVE]))
    assert float(policy[:3].mean()) == pytest.approx(uniform_policy_loss(7), rel=1e-6)
    assert value_losses(torch.full((2,), 0.5), torch.tensor([0.0, 1.0])).tolist() == [0.25, 0.25]


def test_a_final_position_teaches_the_policy_nothing():
    logits = torch.zeros(2, 9, requires_grad=True)
    policy, _ = mean_losses(policy_losses(logits, torch.tensor([NO_MOVE, NO_MOVE])), torch.zeros(2), torch.tensor([NO_MOVE, NO_MOVE]))
    policy.backward()
    assert float(policy.detach()) == 0.0 and not logits.grad.any()


def test_the_training_loss_of_an_epoch_is_the_mean_over_its_positions(training):
    # One step over all positions and no dropout: the same numbers as a plain pass of the network as it begins.
    one = training(dropout=0.0, batch_size=100_000)
    network, positions = training(dropout=0.0).network, one.training
    inputs, targets, values = positions.batch(torch.arange(len(positions)), 3)
    logits, answers = network(inputs)
    moving = targets != NO_MOVE
    row = one.train_epoch()
    assert int(moving.sum()) == len(positions) - 32
    assert row["trainPolicyLoss"] == pytest.approx(float(nn.functional.cross_entropy(logits[moving], targets[moving]).detach()), rel=1e-5)
    assert row["trainValueLoss"] == pytest.approx(float(nn.functional.mse_loss(answers, values).detach()), rel=1e-5)
    assert row["trainStandardisedLoss"] == pytest.approx(standardised(row["trainPolicyLoss"], row["trainValueLoss"]))
    assert Training.means([(1.0, 2.0, 3, 4), (5.0, 6.0, 1, 12)]) == (2.0, 5.0)


def test_losses_of_games_add_up_to_those_of_positions(training):
    one = training()
    row, games = one.evaluate()
    validation = one.validation
    moves = torch.bincount(validation.game[validation.targets != NO_MOVE])
    counts = torch.bincount(validation.game)
    assert games.shape == (8, 3)
    assert float((games[:, 0] * moves).sum() / moves.sum()) == pytest.approx(row["policyLoss"])
    assert float((games[:, 1] * counts).sum() / counts.sum()) == pytest.approx(row["valueLoss"])
    torch.testing.assert_close(games[:, 2], standardised(games[:, 0], games[:, 1]))
    assert row["validationLoss"] == pytest.approx(0.7 * row["policyLoss"] + 0.3 * row["valueLoss"])


def test_what_is_learnt_is_better_than_guessing(training):
    one = training(epochs=6, patience=6, batch_size=32)
    rows = [one.train_epoch() for _ in range(6)]
    guess = standardised(uniform_policy_loss(5), 0.25)
    assert rows[-1]["trainStandardisedLoss"] < rows[0]["trainStandardisedLoss"]
    assert min(row["standardisedLoss"] for row in rows) < guess and rows[-1]["trainPolicyLoss"] < uniform_policy_loss(5)


def test_the_best_weights_are_a_copy():
    stopping, network = EarlyStopping(3, 0.001), nn.Linear(2, 1)
    assert stopping.add(1.0, network)
    kept = network.weight.detach().clone()
    with torch.no_grad():
        network.weight += 5
    torch.testing.assert_close(stopping.best_weights["weight"], kept)


def test_a_training_stops_after_three_epochs_without_a_better_one():
    stopping, network = EarlyStopping(3, 0.001), nn.Linear(1, 1)
    found = []
    for loss in (1.0, 0.9, 0.8995, 0.9, float("nan")):
        found.append((stopping.add(loss, network), stopping.stop))
    assert found == [(True, False), (True, False), (False, False), (False, False), (False, True)]
    assert stopping.best_epoch == 2 and stopping.best_loss == 0.9


def test_the_slow_fall_of_a_loss_is_no_reason_to_wait():
    stopping, network = EarlyStopping(3, 0.001), nn.Linear(1, 1)
    for epoch in range(6):
        stopping.add(1.0 - 0.0002 * epoch, network)
    assert stopping.best_epoch == 1 and stopping.stop


def test_no_finite_loss_is_told_in_a_sentence(training):
    one = training(patience=2)
    for _ in range(2):
        one.stopping.add(float("nan"), one.network)
    assert one.finished
    with pytest.raises(RuntimeError, match="no best network"):
        one.best()


@pytest.mark.parametrize("augmentation", [False, True])
def test_resumed_after_an_epoch_it_ends_with_the_same_numbers(training, tmp_path, augmentation):
    whole, first, second = (training(augmentation=augmentation) for _ in range(3))
    rows = [whole.train_epoch() for _ in range(3)]
    begun = [first.train_epoch()]
    first.save(tmp_path)
    torch.rand(17)  # what else draws random numbers changes nothing
    second.restore(tmp_path)
    begun += [second.train_epoch() for _ in range(2)]
    clocks = {"seconds", "trainingSeconds", "samplesPerSecond"}
    assert [{k: v for k, v in row.items() if k not in clocks} for row in begun] == [
        {k: v for k, v in row.items() if k not in clocks} for row in rows
    ]
    for own, other in zip(second.best().parameters(), whole.best().parameters(), strict=True):
        assert torch.equal(own, other)


def test_experiments_of_a_batch_begin_with_equal_weights(training):
    one, other = training(), training(learning_rate=0.1, policy_weight=0.1)
    assert all(torch.equal(a, b) for a, b in zip(one.network.parameters(), other.network.parameters(), strict=True))


def test_own_adam_goes_where_that_of_pytorch_goes():
    torch.manual_seed(0)
    mine = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2))
    theirs = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 2))
    theirs.load_state_dict(mine.state_dict())
    own, other = Adam(mine.parameters(), 0.01, 1e-3), torch.optim.Adam(theirs.parameters(), lr=0.01, weight_decay=1e-3)
    for _ in range(5):
        inputs = torch.randn(8, 6)
        for network in (mine, theirs):
            network.zero_grad()
            (network(inputs) ** 2).mean().backward()
        norm = torch.cat([values.grad.flatten() for values in mine.parameters()]).norm()
        torch.testing.assert_close(own.step(), norm)
        other.step()
    for a, b in zip(mine.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)


def history(*pairs):
    return [{"epoch": at + 1, "trainLoss": a, "validationLoss": b} for at, (a, b) in enumerate(pairs)]


@pytest.mark.parametrize(
    ("course", "words"),
    [
        (history((2.0, 2.0), (1.9, 1.95)), []),
        (history((2.0, 2.0), (2.1, 1.95)), ["training loss rose by 0.1"]),
        (history((2.0, float("nan"))), ["validation loss is not a finite number"]),
        (history((float("inf"), 2.0)), ["training loss is not a finite number"]),
        (history((12.5, 2.0)), ["training loss of 12.5 is larger than 10"]),
        (history((2.0, 2.0), (1.9, 2.11)), ["rose by 0.11 while the training loss fell: overfitting"]),
        (history((2.0, 2.0), (1.9, 2.09)), []),
    ],
)
def test_what_looks_wrong_is_told(course, words):
    found = warnings(course)
    assert len(found) == len(words) and all(word in sentence for word, sentence in zip(words, found, strict=True))


def test_the_probe_measures_each_size_and_leaves_the_first_step_out():
    ticks = itertools.count(step=0.25)
    row = probe.measure(SHAPES["small"], 5, 16, "cpu", clock=lambda: next(ticks))
    assert row == {"batchSize": 16, "samplesPerSecond": 76.8, "stepSeconds": 0.208333, "steps": 6}


def test_the_step_before_a_batch_passes_and_finds_a_wrong_judge(monkeypatch):
    train.smoke("cpu")
    monkeypatch.setattr(train, "spans", lambda stones: np.zeros(len(stones), bool))
    with pytest.raises(RuntimeError, match="disagree about who has won"):
        train.smoke("cpu")
