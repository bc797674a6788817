"""A residual network with two heads: the next move, and whether Blue wins."""

import torch
from torch import nn
from torch.nn import functional

from experiments import parameter_count

BLOCKS = 2


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(outputs)
        self.second = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(outputs)
        self.beside = None
        if stride != 1 or inputs != outputs:
            self.beside = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        through = functional.relu(self.first_norm(self.first(x)))
        through = self.second_norm(self.second(through))
        return functional.relu(through + (x if self.beside is None else self.beside(x)))


class Network(nn.Module):
    """Answers with logits of all cells [b, n*n] and the value [b], a plain number whose target is 0 or 1."""

    def __init__(self, shape, board, dropout):
        super().__init__()
        self.shape, cells = shape, board * board
        width = shape.widths[0]
        layers = [nn.Conv2d(shape.planes, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        for outputs, stride in zip(shape.widths, shape.strides, strict=True):
            for number in range(BLOCKS):
                layers.append(Block(width, outputs, stride if number == 0 else 1))
                width = outputs
        self.trunk = nn.Sequential(*layers)
        self.dropout = nn.Dropout(dropout)
        self.narrow = nn.Conv2d(width, 2, 1) if shape.spatial else None
        self.policy = nn.Linear(2 * cells if shape.spatial else width, cells)
        self.value = nn.Linear(width, 1)

    def forward(self, inputs):
        features = self.trunk(inputs)
        pooled = self.dropout(features.mean((2, 3)))
        seen = pooled if self.narrow is None else self.dropout(functional.relu(self.narrow(features)).flatten(1))
        return self.policy(seen), self.value(pooled)[:, 0]


def build(shape, board, dropout, seed):
    """A new network; its weights depend on the seed alone, so that all experiments of a batch start from the same ones."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Network(shape, board, dropout)
    expected, found = parameter_count(shape, board), sum(values.numel() for values in network.parameters())
    if found != expected:
        raise RuntimeError(f"The network {shape.name} has {found} parameters and should have {expected}.")
    return network
