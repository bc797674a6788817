import math

import pytest
import torch
from torch import nn

from describe import multiplications
from experiments import BY_NAME, CNN_PARAMETERS, LAYERS
from fixed_point import FixedPoint, Square, bits
from layers import build, parameter_count, standard_input
from study import Study, minimum_scale
from training import Recipe, Training

SCALES = range(4, 15)
SINGLE = [layer for layer in LAYERS if layer.kind != "network"]
# The two largest convolutions say nothing more than the small ones, and take seconds.
QUICKLY = [layer for layer in SINGLE if layer.name not in ("Conv2d_Scaling_Large", "Conv2d_k3_s1")]


def errors(name, tolerance=2.0):
    layer = BY_NAME[name]
    study = Study(build(layer, 42), standard_input(layer, 42))
    return {scale: study.row(scale, tolerance) for scale in SCALES}


def test_relu_loses_a_factor_of_eight_over_three_bits():
    rows = errors("ReLU")
    assert rows[7]["maxErrorPercent"] == pytest.approx(0.112, rel=0.1)
    assert rows[10]["maxErrorPercent"] == pytest.approx(0.014, rel=0.1)
    assert rows[7]["maxErrorPercent"] / rows[10]["maxErrorPercent"] == pytest.approx(8, rel=0.02)
    for scale in list(SCALES)[:-1]:
        assert rows[scale]["maxErrorPercent"] / rows[scale + 1]["maxErrorPercent"] == pytest.approx(2, rel=0.1)


def test_a_large_dense_layer_needs_more_bits_than_the_mapped_ones():
    rows = errors("Dense_Scaling_Large")
    assert 8 < rows[7]["maxErrorPercent"] < 16 and 1 < rows[10]["maxErrorPercent"] < 2


@pytest.mark.parametrize("layer", QUICKLY, ids=lambda layer: layer.name)
def test_a_smaller_tolerance_needs_at_least_as_many_bits(layer):
    study = Study(build(layer, 42), standard_input(layer, 42))
    strict, loose = (minimum_scale([study.row(scale, allowed) for scale in SCALES]) for allowed in (0.5, 2.0))
    assert strict is not None and loose is not None and strict >= loose


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.name)
def test_parameters_and_operations_are_those_of_the_shapes(layer):
    module = build(layer, 1)
    assert parameter_count(module) == layer.parameters
    fixed = FixedPoint(6)
    with torch.no_grad():
        found = fixed.run(module, standard_input(layer, 1))
        assert found.shape == module(standard_input(layer, 1)).shape
    square_of_network = 2 if "square" in layer.settings else 1 if "mixed" in layer.settings else 0
    squares = {2: 32 * 1024 + 64 * 256, 1: 32 * 1024, 0: 0}[square_of_network]
    assert fixed.multiplications == multiplications(layer) + squares


def test_all_four_networks_have_the_same_number_of_parameters():
    networks = [layer for layer in LAYERS if layer.kind == "network"]
    assert len(networks) == 4
    assert {parameter_count(build(layer, 3)) for layer in networks} == {60_362} == {CNN_PARAMETERS}


def whole_numbers(value):
    return [int(number) for number in value.reshape(-1)]


def test_a_linear_layer_is_what_integers_by_hand_give():
    module = nn.Linear(5, 3)
    inputs, scale = torch.randn(2, 5), 6
    found = FixedPoint(scale).run(module, inputs) * 2**scale
    unit = 2**scale
    weights = [[round(float(w) * unit) for w in row] for row in module.weight.detach().double()]
    offsets = [round(float(b) * unit * unit) for b in module.bias.detach().double()]
    expected = []
    for values in inputs.double():
        integers = [round(float(x) * unit) for x in values]
        for row, offset in zip(weights, offsets, strict=True):
            total = sum(w * x for w, x in zip(row, integers, strict=True)) + offset
            # Python rounds halves to even, too.
            expected.append(round(total / unit))
    assert whole_numbers(found) == expected


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("groups", [1, 4])
def test_a_convolution_of_patches_is_a_convolution(stride, groups):
    module = nn.Conv2d(4, 8, 3, stride=stride, padding=1, groups=groups).eval()
    inputs, scale = torch.randn(2, 4, 9, 9), 8
    fixed = FixedPoint(scale)
    found = fixed.run(module, inputs) * fixed.unit
    exact = nn.functional.conv2d(
        fixed.quantise(inputs), fixed.quantise(module.weight), fixed.quantise(module.bias, 2), stride, 1, 1, groups
    )
    assert torch.equal(found, torch.round(exact / fixed.unit))


def test_ranges_and_bits_are_those_of_the_numbers():
    assert [bits(value) for value in (0, 1, -1, 127, 128, -128)] == [1, 2, 2, 8, 9, 9]
    fixed = FixedPoint(4)
    fixed.run(Square(), torch.tensor([[-3.0, 2.0]]))
    assert (fixed.low, fixed.high) == (-48.0, 144.0)
    assert fixed.accumulator == 48**2 and fixed.accumulator_bits == bits(48**2)
    assert fixed.multiplications == 2 and fixed.rescales == 2


def test_a_sum_that_float64_could_round_is_refused():
    with pytest.raises(OverflowError, match="53 bits"):
        FixedPoint(14).run(Square(), torch.full((1, 1), 2.0**14))


def test_a_module_without_a_fixed_point_form_is_refused_by_name():
    with pytest.raises(TypeError, match="Softmax"):
        FixedPoint(4).run(nn.Softmax(1), torch.zeros(1, 2))


def test_cost_rises_with_a_table_that_outgrows_the_operations():
    rows = errors("ReLU")
    assert rows[4]["proxyRows"] == rows[4]["lookups"] == 4096
    assert rows[14]["proxyRows"] == rows[14]["tableRows"] > 4096
    assert rows[14]["proxyLogRows"] == math.ceil(math.log2(rows[14]["tableRows"]))


def test_own_adam_goes_where_that_of_pytorch_goes():
    layer = BY_NAME["CNN_Strided"]
    mine = Training(layer, Recipe(layer.name, 5, 64, 1, batch_size=16), "cpu")
    theirs = Training(layer, Recipe(layer.name, 5, 64, 1, batch_size=16), "cpu")
    optimiser = torch.optim.Adam(theirs.module.parameters(), lr=1e-3, weight_decay=1e-4)
    for batch in torch.arange(64).split(16):
        mine.step(batch)
        optimiser.zero_grad()
        nn.functional.cross_entropy(theirs.module(theirs.pictures[batch]), theirs.classes[batch]).backward()
        nn.utils.clip_grad_norm_(theirs.module.parameters(), 1.0)
        optimiser.step()
    for own, other in zip(mine.module.parameters(), theirs.module.parameters(), strict=True):
        torch.testing.assert_close(own, other, rtol=1e-4, atol=1e-6)
