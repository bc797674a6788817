"""The two kinds of model: a causal Transformer and an LSTM, both from tokens to logits."""

import math

import torch
from torch import nn
from torch.nn import functional

ACTIVATIONS = {
    "gelu": functional.gelu,
    "relu": functional.relu,
    "silu": functional.silu,
    "tanh": torch.tanh,
    "swiglu": functional.silu,
}
ROTARY_BASE = 10_000.0


def rotary_angles(sequence, size):
    """Cosines and sines [sequence, size / 2] by which neighbouring numbers of a head are turned."""
    rates = ROTARY_BASE ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
    angles = torch.arange(sequence, dtype=torch.float32)[:, None] * rates
    return angles.cos(), angles.sin()


def turned(values, cosines, sines):
    first, second = values.chunk(2, dim=-1)
    return torch.cat((first * cosines - second * sines, first * sines + second * cosines), dim=-1)


class Attention(nn.Module):
    def __init__(self, shape, scale):
        super().__init__()
        self.heads, self.scale = shape.heads, scale
        self.inputs = nn.Linear(shape.width, 3 * shape.width, bias=False)
        self.output = nn.Linear(shape.width, shape.width, bias=False)

    def forward(self, values, angles):
        count, length, width = values.shape
        parts = self.inputs(values).view(count, length, 3, self.heads, width // self.heads)
        queries, keys, content = (part.transpose(1, 2) for part in parts.unbind(2))
        queries, keys = turned(queries, *angles), turned(keys, *angles)
        found = functional.scaled_dot_product_attention(queries, keys, content, is_causal=True, scale=self.scale)
        return self.output(found.transpose(1, 2).reshape(count, length, width))


class FeedForward(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.activation = ACTIVATIONS[shape.activation]
        self.inner = nn.Linear(shape.width, shape.inner, bias=False)
        self.gate = nn.Linear(shape.width, shape.inner, bias=False) if shape.activation == "swiglu" else None
        self.output = nn.Linear(shape.inner, shape.width, bias=False)

    def forward(self, values):
        inner = self.activation(self.inner(values))
        return self.output(inner if self.gate is None else inner * self.gate(values))


class Block(nn.Module):
    """Normalized before each part; the parts are added to what passes through."""

    def __init__(self, shape, scale, dropout):
        super().__init__()
        self.before_attention, self.before_forward = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.attention, self.forward_part = Attention(shape, scale), FeedForward(shape)
        self.dropout = dropout

    def forward(self, values, angles):
        values = values + self.dropped(self.attention(self.before_attention(values), angles))
        return values + self.dropped(self.forward_part(self.before_forward(values)))

    def dropped(self, values):
        return functional.dropout(values, self.dropout, self.training) if self.dropout else values


class LanguageModel(nn.Module):
    """Embedding, what `inside` makes of it, and a read-out that may be the embedding itself."""

    def __init__(self, shape, output_scale=1.0):
        super().__init__()
        self.output_scale = output_scale
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.read_out = None if shape.tied else nn.Parameter(torch.empty(shape.vocabulary, shape.width))
        self.read_out_bias = nn.Parameter(torch.zeros(shape.vocabulary))

    def forward(self, tokens):
        weights = self.embedding.weight if self.read_out is None else self.read_out
        return functional.linear(self.inside(self.embedding(tokens)) * self.output_scale, weights, self.read_out_bias)


class Transformer(LanguageModel):
    def __init__(self, shape, attention_scale=None, output_scale=1.0, dropout=0.0):
        super().__init__(shape, output_scale)
        size = shape.width // shape.heads
        scale = attention_scale or 1 / math.sqrt(size)
        self.blocks = nn.ModuleList(Block(shape, scale, dropout) for _ in range(shape.layers))
        self.last_norm = nn.LayerNorm(shape.width)
        cosines, sines = rotary_angles(shape.sequence, size)
        self.register_buffer("cosines", cosines, persistent=False)
        self.register_buffer("sines", sines, persistent=False)

    def inside(self, values):
        length = values.shape[1]
        angles = self.cosines[:length], self.sines[:length]
        for block in self.blocks:
            values = block(values, angles)
        return self.last_norm(values)


class Recurrent(LanguageModel):
    """LSTM layers; dropout takes the same numbers of a sequence away at all of its tokens."""

    def __init__(self, shape, output_scale=1.0, dropout=0.0):
        super().__init__(shape, output_scale)
        self.dropout = dropout
        depth, together = (shape.layers, 1) if dropout else (1, shape.layers)
        self.layers = nn.ModuleList(nn.LSTM(shape.width, shape.width, together, batch_first=True) for _ in range(depth))

    def inside(self, values):
        values = self.dropped(values)
        for layer in self.layers:
            values = self.dropped(layer(values)[0])
        return values

    def dropped(self, values):
        if not self.dropout or not self.training:
            return values
        return values * functional.dropout(torch.ones_like(values[:, :1]), self.dropout)


def loss_of(logits, targets, reduction="mean"):
    """Nats for each token. Every target counts, the last of a sequence too."""
    return functional.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction=reduction)
