import dataclasses
import math

import pytest
import torch
from scaling_runs import PARAMETERS

from language import synthetic
from minibatch.parameters import Parameters
from models import loss_of
from optimisers import Optimiser, rate_at
from parametrisation import build, groups_of, rule_of
from settings import Settings
from sizes import Shape
from training import Training

BASE = Settings.of(Parameters(PARAMETERS))


def settings(**changes):
    return dataclasses.replace(BASE, **changes)


def model(architecture="transformer", width=32, layers=2, **changes):
    own = settings(architecture=architecture, width=width, layers=layers, heads=width // 16, **changes)
    return build(own.shape(64), own), own


def training(accumulation=0, **changes):
    return Training(settings(**changes), synthetic(), "cpu", 1 << 32, accumulation)


@pytest.mark.parametrize("architecture", ["transformer", "lstm"])
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("activation", ["gelu", "swiglu"])
def test_counted_parameters_are_those_that_are_trained_each_once(architecture, tied, activation):
    module, own = model(architecture, tied=tied, activation=activation)
    assert sum(values.numel() for values in module.parameters()) == own.shape(64).parameters
    named = [id(values) for group in groups_of(module).values() for values in group]
    assert sorted(named) == sorted(id(values) for values in module.parameters())


@pytest.mark.parametrize("architecture", ["transformer", "lstm"])
@pytest.mark.parametrize("optimiser", ["adamw", "adam", "lion", "sgd"])
def test_a_few_steps_move_every_parameter(architecture, optimiser):
    own = training(architecture=architecture, optimiser=optimiser, dropout=0.1, tied=False, learning_rate=0.01)
    before = [values.detach().clone() for values in own.module.parameters()]
    for _ in range(3):
        own.step()
    assert all((old != new).any() for old, new in zip(before, own.module.parameters(), strict=True))


@pytest.mark.parametrize("architecture", ["transformer", "lstm"])
def test_a_token_is_predicted_from_those_before_it(architecture):
    module, _ = model(architecture)
    tokens = torch.randint(0, 64, (2, 16), generator=torch.Generator().manual_seed(1))
    later = tokens.clone()
    later[:, 9:] = (later[:, 9:] + 1) % 64
    one, other = module(tokens), module(later)
    assert torch.equal(one[:, :9], other[:, :9]) and not torch.allclose(one[:, 9:], other[:, 9:])


def test_rotary_positions_tell_order_and_depend_on_distance_alone():
    from models import rotary_angles, turned

    cosines, sines = rotary_angles(12, 8)
    query, key = torch.randn(2, 8, generator=torch.Generator().manual_seed(0))
    products = turned(query, cosines, sines) @ turned(key, cosines, sines).T
    assert torch.allclose(products[5, 2], products[9, 6], atol=1e-5) and not torch.allclose(products[5, 2], products[5, 3], atol=1e-3)


def test_an_untrained_model_knows_nothing():
    module, _ = model(tied=False)
    tokens = torch.from_numpy(synthetic().batch(1, 1, 4, 16))
    assert loss_of(module(tokens[:, :-1]), tokens[:, 1:]).item() == pytest.approx(math.log(64), abs=1e-5)
    tied, _ = model()
    assert math.log(64) - 0.1 < loss_of(tied(tokens[:, :-1]), tokens[:, 1:]).item() < math.log(64) + 0.8


def test_parts_of_a_batch_add_up_to_the_batch():
    whole, parts = training(1), training(4)
    for one in (whole, parts):
        one.step()
        one.step()
    assert [whole.accumulation, parts.accumulation, whole.steps, parts.steps] == [1, 4, 2, 2]
    assert whole.tokens == parts.tokens == 2 * 8 * 16
    for one, other in zip(whole.module.parameters(), parts.module.parameters(), strict=True):
        assert torch.allclose(one, other, atol=2e-5)
    with pytest.raises(ValueError, match="cannot be divided into 3"):
        training(3)


def test_adamw_is_the_one_of_the_framework():
    mine, theirs = model()[0], model()[0]
    groups = groups_of(mine)
    own = Optimiser("adamw", groups, dict.fromkeys(groups, 1.0), 0.1)
    vectors = groups_of(theirs)["vector"]
    others = [values for values in theirs.parameters() if all(values is not one for one in vectors)]
    reference = torch.optim.AdamW(
        [{"params": others, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], lr=0.01, betas=(0.9, 0.95), foreach=False
    )
    for step in range(3):
        tokens = torch.from_numpy(synthetic().batch(1, step, 4, 16))
        for module in (mine, theirs):
            (5 * loss_of(module(tokens[:, :-1]), tokens[:, 1:])).backward()
        norm = own.step(0.01)
        cut = torch.nn.utils.clip_grad_norm_(theirs.parameters(), 1.0)
        assert float(norm) == pytest.approx(float(cut), rel=1e-4) and float(norm) > 1
        reference.step()
        reference.zero_grad()
    for one, other in zip(mine.parameters(), theirs.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_the_rate_rises_for_two_percent_and_falls_to_a_tenth():
    rates = [rate_at(step, 1000, 0.5) for step in range(1, 1001)]
    assert rates[0] == pytest.approx(0.5 / 20) and rates[19] == 0.5 == max(rates) and rates[-1] == pytest.approx(0.05)
    assert rates[19:] == sorted(rates[19:], reverse=True) and rates[:20] == sorted(rates[:20])
    assert rate_at(1, 1, 0.5) == 0.5


def test_factors_of_the_three_rules_at_four_times_the_base():
    assert rule_of("standard", 64, 16, True).rates == dict.fromkeys(("hidden", "embedding", "read-out", "vector"), 1.0)
    right = rule_of("mup", 64, 16, True)
    assert right.rates == {"hidden": 0.25, "embedding": 1.0, "read-out": 1.0, "vector": 1.0} and right.output == 0.25
    original = rule_of("original", 64, 16, True)
    assert original.rates["hidden"] == 0.25 and original.rates["embedding"] == 0.5 and original.output == 4
    assert rule_of("original", 64, 16, False).rates["embedding"] == 0.25


def changes(rule, widths=(16, 64, 256)):
    """By width: how much four steps at a rate of 0.01 move the logits, and what enters the activation of a layer.

    The read-out begins at 0, so hidden layers learn from the second step on.
    """
    found = []
    for width in widths:
        own = training(width=width, layers=1, heads=width // 16, parametrisation=rule, learning_rate=0.01, steps=4, tied=False)
        before = seen(own)
        for _ in range(4):
            own.step()
        found.append([float((new - old).std()) for new, old in zip(seen(own), before, strict=True)])
    return list(zip(*found, strict=True))


@torch.no_grad()
def seen(own):
    inner = []
    own.module.eval()
    hook = own.module.blocks[0].forward_part.inner.register_forward_hook(lambda layer, inputs, output: inner.append(output))
    logits = own.module(own.validation[:8, :-1])
    hook.remove()
    return logits, inner[0]


def test_under_mup_steps_move_output_and_layers_alike_at_all_widths():
    (standard, standard_inner), (right, right_inner), (original, _) = (changes(rule) for rule in ("standard", "mup", "original"))
    assert max(right) / min(right) < 1.5 and max(right_inner) / min(right_inner) < 2
    assert standard[-1] / standard[0] > 3 and standard_inner[-1] / standard_inner[0] > 4
    assert original[-1] / original[0] > 30


def test_mup_is_the_standard_parametrisation_at_the_base_width():
    losses = []
    for rule in ("standard", "mup"):
        own = training(parametrisation=rule)
        for _ in range(3):
            own.step()
        losses.append(own.evaluate()["loss"])
    assert losses[0] == losses[1]


def test_mup_keeps_its_initial_weights_whatever_is_asked_for():
    one, other = model(parametrisation="mup")[0], model(parametrisation="mup", initialisation="small")[0]
    for first, second in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(first, second)


@pytest.mark.parametrize("name", ["fan-in", "uniform", "xavier", "orthogonal"])
def test_initial_weights_keep_the_size_of_what_passes(name):
    weights = model(width=64, initialisation=name)[0].blocks[0].attention.output.weight
    assert float(weights.detach().std()) == pytest.approx(1 / 8, rel=0.1)


def test_counted_operations_are_those_of_the_framework():
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    module, own = model(width=32)
    tokens = torch.from_numpy(synthetic().batch(1, 1, 4, 16))
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        loss_of(module(tokens[:, :-1]), tokens[:, 1:]).backward()
    assert own.shape(64).counted_flops(4 * 16) == pytest.approx(counter.get_total_flops())
    assert Shape.of("lstm", 16, 64, 16).counted_flops(1) == 6 * (2 * 8 * 256 + 64 * 16)
