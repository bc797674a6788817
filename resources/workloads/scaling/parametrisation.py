"""How initial weights, output and learning rates follow the width: standard, muP for Adam, or the original's formula.

m is width ÷ base width. Matrices between two wide layers are `hidden`; embedding and read-out have one wide side; the
gains and biases are `vector`. muP: hidden rates ÷ m, the output ÷ m, all else as at the base width.
"""

import math
from dataclasses import dataclass

import torch

from models import Recurrent, Transformer

KINDS = ("hidden", "embedding", "read-out", "vector")
RECURRENT_INPUTS = 0.5  # deviation: an LSTM normalizes nothing, and smaller inputs would hardly move it


@dataclass(frozen=True)
class Rule:
    """Factors of the rates by kind, and of the output."""

    rates: dict
    output: float = 1.0


def rule_of(name, width, base, tied):
    m = width / base
    same = dict.fromkeys(KINDS, 1.0)
    if name == "standard":
        return Rule(same)
    if name == "mup":
        return Rule({**same, "hidden": 1 / m}, 1 / m)
    if name == "original":
        embedding = 1 / math.sqrt(m) if tied else 1 / m
        return Rule({**same, "hidden": 1 / m, "embedding": embedding}, m)
    raise ValueError(f"There is no parametrisation {name}.")


def kind_of(name, values):
    if name == "embedding.weight":
        return "embedding"
    if name == "read_out":
        return "read-out"
    return "hidden" if values.dim() == 2 else "vector"


def groups_of(module):
    """The parameters by kind, each exactly once; refuses a model in which one would never be trained."""
    groups = {}
    for name, values in module.named_parameters():
        groups.setdefault(kind_of(name, values), []).append(values)
    count = sum(len(group) for group in groups.values())
    if count != len({id(values) for values in module.parameters()}):
        raise RuntimeError("A parameter is in no group or in two.")
    return groups


def build(shape, settings):
    """A model with its initial weights, the same on every device."""
    rule = rule_of(settings.parametrisation, shape.width, settings.base_width, shape.tied)
    if shape.architecture == "lstm":
        module = Recurrent(shape, rule.output, settings.dropout)
    else:
        module = Transformer(shape, attention_scale(shape, settings), rule.output, settings.dropout)
    initialise(module, settings, torch.Generator().manual_seed(settings.model_seed))
    return module


def attention_scale(shape, settings):
    """muP divides by the head size, not by its root; both are the same where the head is as large as at the base width."""
    size = shape.width // shape.heads
    if settings.parametrisation != "mup":
        return 1 / math.sqrt(size)
    return math.sqrt(min(size, settings.base_head_size)) / size


@torch.no_grad()
def initialise(module, settings, generator):
    """muP keeps its own weights whatever `initialisation` says, because another deviation would undo it."""
    name = "fan-in" if settings.parametrisation == "mup" else settings.initialisation
    layers = max(1, len(getattr(module, "blocks", ())))
    for place, values in module.named_parameters():
        kind = kind_of(place, values)
        if kind == "vector":
            # Gains of normalizations stay 1. The forget gate of an LSTM starts open, the other biases at 0.
            if "bias" in place:
                values.zero_()
                if "bias_ih" in place:
                    values[len(values) // 4 : len(values) // 2] = 1.0
        elif kind == "embedding":
            draw(values, generator, embedding_deviation(module, settings))
        elif kind == "read-out":
            values.zero_()
        else:
            hidden(place, values, name, layers, generator)


def embedding_deviation(module, settings):
    """Logits of a tied Transformer start with a deviation of about 1; muP keeps that of the base width."""
    if isinstance(module, Recurrent):
        return RECURRENT_INPUTS
    return 1 / math.sqrt(settings.base_width if settings.parametrisation == "mup" else settings.width)


def hidden(place, values, name, layers, generator):
    fan_out, fan_in = values.shape
    if name == "orthogonal":
        torch.nn.init.orthogonal_(values, generator=generator)
    elif name == "uniform":
        bound = math.sqrt(3 / fan_in)
        values.copy_((2 * torch.rand(values.shape, generator=generator) - 1) * bound)
    elif name == "xavier":
        draw(values, generator, math.sqrt(2 / (fan_in + fan_out)))
    elif name == "small":
        # What is added to the residual stream is smaller the more layers add to it.
        draw(values, generator, 0.02 / (math.sqrt(2 * layers) if place.endswith("output.weight") else 1))
    else:
        draw(values, generator, 1 / math.sqrt(fan_in))


def draw(values, generator, deviation):
    values.copy_(torch.randn(values.shape, generator=generator) * deviation)
