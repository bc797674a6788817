"""The generator's rules: depth, heads, parameters, batch and budget of a model of a given width. Standard library only.

Rounding is Python's `round`, halves to even: a width of 40 has 2 layers, 72 has 4.
"""

import math
from dataclasses import dataclass

LAYER_WIDTH = {"transformer": 16, "lstm": 8}
OPTIMISER_BYTES = 20  # of a parameter: itself, gradient, two moments, and a copy
MOST_ACCUMULATION = 128
NO_ITEM_FITS = "Not even one sequence of this model fits into the memory."


@dataclass(frozen=True)
class Shape:
    """What decides how large a model is."""

    architecture: str
    width: int
    layers: int
    heads: int
    vocabulary: int
    sequence: int
    activation: str = "gelu"
    tied: bool = True

    @staticmethod
    def of(architecture, width, vocabulary, sequence, layers=0, head_width=32, activation="gelu", tied=True):
        """`layers` 0 takes the rule's."""
        layers = layers or layers_of(architecture, width)
        heads = heads_of(width, head_width) if architecture == "transformer" else 1
        return Shape(architecture, width, layers, heads, vocabulary, sequence, activation, tied)

    @property
    def inner(self):
        """Width of the feed-forward part. A gated one has three matrices, so each is two thirds as wide."""
        return 4 * self.width if self.activation != "swiglu" else max(1, round(8 * self.width / 3))

    @property
    def hidden_parameters(self):
        """Matrices and vectors between embedding and read-out, as they are trained."""
        d = self.width
        if self.architecture == "lstm":
            return self.layers * (8 * d * d + 8 * d)
        forward = (3 if self.activation == "swiglu" else 2) * d * self.inner
        return self.layers * (4 * d * d + forward + 4 * d) + 2 * d

    @property
    def parameters(self):
        """All numbers that are trained; a tied embedding counts once."""
        return self.hidden_parameters + self.vocabulary * (self.width * (1 if self.tied else 2) + 1)

    def flops(self, tokens):
        """6ND over all parameters."""
        return 6 * self.parameters * tokens

    def counted_flops(self, tokens):
        """Multiplications and additions of every matrix product, forwards and twice that backwards."""
        d = self.width
        if self.architecture == "lstm":
            matrices, attention = self.layers * 8 * d * d, 0
        else:
            matrices = self.layers * (4 * d * d + (3 if self.activation == "swiglu" else 2) * d * self.inner)
            attention = self.layers * 2 * d * self.sequence
        return 6 * (matrices + attention + self.vocabulary * d) * tokens


def layers_of(architecture, width):
    return max(1, round(width / LAYER_WIDTH[architecture]))


def heads_of(width, head_width=32):
    """Lowered until it divides the width into heads of an even size, which rotary positions need."""
    heads = max(1, round(width / head_width))
    while width % heads or (width // heads) % 2:
        heads -= 1
        if heads == 0:
            raise ValueError(f"A width of {width} has no even head size.")
    return heads


def rule_parameters(architecture, width, vocabulary, layers=0):
    """The generator's count: embedding, matrices, bias of the read-out; normalizations left out. Decides the token budget."""
    layers = layers or layers_of(architecture, width)
    inside = 12 * width * width if architecture == "transformer" else 8 * width * width + 4 * width
    return vocabulary * width + layers * inside + vocabulary


def memory_fraction(width):
    """Larger models leave more of a device free."""
    return 0.6 if width < 64 else 0.45 if width < 128 else 0.35 if width < 256 else 0.2


def item_bytes(shape):
    """Logits and activations of one sequence while it is trained."""
    d, length, layers = shape.width, shape.sequence, shape.layers
    logits = 2 * length * shape.vocabulary * 4
    inside = length * d * layers + 2 * shape.heads * length**2 + 3 * length * d + 4 * length * d * layers
    return (logits + 2 * inside * 4) * (1.2 if d < 64 else 1.3 if d < 128 else 1.5)


def state_bytes(shape):
    return shape.parameters * OPTIMISER_BYTES


def most_items(shape, memory, fraction):
    return int((memory * fraction - state_bytes(shape)) // item_bytes(shape))


def accumulation_of(shape, batch, memory, fraction=None):
    """Parts in which a batch is computed. Always a divisor: the batch that a step sees never changes."""
    fitting = most_items(shape, memory, fraction or memory_fraction(shape.width))
    if fitting < 1:
        raise ValueError(NO_ITEM_FITS)
    return min(parts for parts in range(1, batch + 1) if batch % parts == 0 and batch // parts <= fitting)


def original_accumulation(shape, batch, memory, fraction):
    """As the original computed it: parts and sequences of a part, whose product need not be the batch."""
    fitting = max(1, most_items(shape, memory, fraction))
    parts = min(MOST_ACCUMULATION, math.ceil(batch / fitting))
    return parts, max(1, batch // parts)


def steps_of(tokens, batch, sequence):
    """True optimiser steps that see at least this many tokens."""
    return max(1, math.ceil(tokens / (batch * sequence)))
