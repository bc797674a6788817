"""Where the numbers of a network lie in one flat row of float32, how they start, and the plain forward pass.

A stack of K networks is one [K, width] matrix; every view below is taken from it without copying.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch

from architectures import BATCH_NORM_ABOVE, layer_sizes

# Every block starts at a multiple of the widest vector register (16 floats), so that vectorised elementwise
# kernels treat a network alike wherever in the stack it lies.
ALIGNMENT = 16
BATCH_NORM_EPSILON = 1e-5


@dataclass(frozen=True)
class Block:
    """`rows` x `columns` numbers at `offset` of a network's row."""

    offset: int
    rows: int
    columns: int

    def view(self, stack):
        """[K, rows, columns]"""
        return stack.as_strided(
            (stack.shape[0], self.rows, self.columns),
            (stack.stride(0), self.columns, 1),
            stack.storage_offset() + self.offset,
        )


@dataclass(frozen=True)
class Layer:
    """One linear layer; weights lie as [inputs, outputs]. `scale` and `shift` belong to batch normalisation."""

    weight: Block
    bias: Block
    scale: Block | None
    shift: Block | None


@dataclass(frozen=True)
class Layout:
    layers: tuple
    width: int
    batch_norm: bool


def layout_of(hidden, features, samples):
    """The layout of a network that trains on `samples` scenarios."""
    batch_norm = samples > BATCH_NORM_ABOVE
    sizes = layer_sizes(hidden, features)
    layers, offset = [], 0

    def block(rows, columns):
        nonlocal offset
        made = Block(offset, rows, columns)
        offset += -(-rows * columns // ALIGNMENT) * ALIGNMENT
        return made

    for position, (inputs, outputs) in enumerate(sizes):
        normalised = batch_norm and position < len(sizes) - 1
        layers.append(
            Layer(
                block(inputs, outputs),
                block(1, outputs),
                block(1, outputs) if normalised else None,
                block(1, outputs) if normalised else None,
            )
        )
    return Layout(tuple(layers), offset, batch_norm)


def seed_of(*parts):
    """A 63-bit seed from anything printable; never from a position in a list."""
    digest = hashlib.sha256("/".join(str(part) for part in parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def initial_row(layout, seed):
    """Kaiming-uniform weights, zero biases, unit scales: one network, whatever stack it will be in."""
    random = np.random.default_rng(seed)
    row = np.zeros(layout.width, dtype=np.float32)
    for layer in layout.layers:
        block = layer.weight
        bound = np.float32((6.0 / block.rows) ** 0.5)
        size = block.rows * block.columns
        weights = row[block.offset : block.offset + size]
        random.random(dtype=np.float32, out=weights)
        weights *= 2.0 * bound
        weights -= bound
        if layer.scale is not None:
            row[layer.scale.offset : layer.scale.offset + layer.scale.columns] = 1.0
    return row


def decide(layout, stack, inputs, reference):
    """What trained networks answer, in (0, 1) of the power range: [K, B, pairs] for inputs [K, B, inputs].

    Batch normalisation uses the mean and variance of `reference`, the networks' own training inputs [K, N, inputs].
    """
    values, known = inputs, reference
    for position, layer in enumerate(layout.layers):
        weight, bias = layer.weight.view(stack), layer.bias.view(stack)
        last = position == len(layout.layers) - 1
        values = torch.baddbmm(bias, values, weight)
        if last:
            break
        if layer.scale is not None:
            known = torch.baddbmm(bias, known, weight)
            mean = known.mean(dim=1, keepdim=True)
            spread = (known.var(dim=1, keepdim=True, unbiased=False) + BATCH_NORM_EPSILON).rsqrt()
            scale, shift = layer.scale.view(stack), layer.shift.view(stack)
            values = (values - mean) * spread * scale + shift
            known = ((known - mean) * spread * scale + shift).relu_()
        values = values.relu_()
    return torch.sigmoid(values)
