import pytest

from sizes import Shape, accumulation_of, heads_of, layers_of, memory_fraction, original_accumulation, rule_parameters, steps_of

GPT2 = 50257
GIB = 2**30
V100 = 30 * GIB
TABLE = [
    # width, layers, heads, parameters, tokens in millions, accumulation and sequences of a part as the original had them
    (16, 1, 1, 857_441, 17.1, 1, 256),
    (32, 2, 1, 1_683_057, 33.7, 1, 256),
    (48, 3, 2, 2_545_537, 50.9, 1, 256),
    (64, 4, 2, 3_463_313, 69.3, 2, 128),
    (80, 5, 2, 4_454_817, 89.1, 2, 128),
    (96, 6, 3, 5_538_481, 110.8, 2, 128),
    (128, 8, 4, 8_056_017, 161.1, 3, 85),
    (256, 16, 8, 25_498_961, 510.0, 3, 85),
]  # fmt: skip


@pytest.mark.parametrize("width, layers, heads, parameters, tokens, accumulation, part", TABLE)
def test_the_generator_of_the_original(width, layers, heads, parameters, tokens, accumulation, part):
    assert (layers_of("transformer", width), heads_of(width)) == (layers, heads)
    assert rule_parameters("transformer", width, GPT2) == parameters
    assert round(20 * parameters / 1e6, 1) == pytest.approx(tokens)
    shape = Shape("transformer", width, layers, heads, GPT2, 128)
    # The smaller share from 256 on came later.
    fraction = max(memory_fraction(width), 0.35)
    assert original_accumulation(shape, 256, V100, fraction) == (accumulation, part)


@pytest.mark.parametrize("width, layers, heads", [(40, 2, 1), (72, 4, 2), (80, 5, 2), (16, 1, 1), (24, 2, 1)])
def test_halves_are_rounded_to_even(width, layers, heads):
    assert (layers_of("transformer", width), heads_of(width)) == (layers, heads)


@pytest.mark.parametrize("width, parameters", [(16, 858_593), (64, 3_530_897), (128, 8_588_497)])
def test_the_generator_of_the_lstm(width, parameters):
    assert rule_parameters("lstm", width, GPT2) == parameters


def test_every_head_size_is_even_and_divides_the_width():
    for width in range(2, 400, 2):
        for head_width in (16, 32):
            size, rest = divmod(width, heads_of(width, head_width))
            assert rest == 0 and size % 2 == 0


def test_a_step_sees_the_same_batch_whatever_the_memory():
    shape = Shape.of("transformer", 128, GPT2, 128)
    counts = [accumulation_of(shape, 256, memory * GIB) for memory in range(2, 200, 3)]
    assert all(256 % count == 0 for count in counts) and counts == sorted(counts, reverse=True)
    assert counts[0] > 16 and counts[-1] == 1
    with pytest.raises(ValueError, match="Not even one sequence"):
        accumulation_of(shape, 256, 1 << 28)


def test_steps_see_at_least_the_tokens_of_the_budget():
    assert [steps_of(tokens, 32, 64) for tokens in (1, 2048, 2049, 20 * 1392)] == [1, 1, 2, 14]
