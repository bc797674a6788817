"""The same training as an ordinary PyTorch program: one network, modules, autograd, torch.optim.Adam."""

import math

import numpy as np
import torch

from scenarios import MAX_DBM, MIN_DBM, NOISE_WATT, watt


def module_of(layout, row):
    """A torch module with the parameters of one row of a stack."""
    parts = []
    for position, layer in enumerate(layout.layers):
        linear = torch.nn.Linear(layer.weight.rows, layer.weight.columns)
        with torch.no_grad():
            linear.weight.copy_(numbers(row, layer.weight).T)
            linear.bias.copy_(numbers(row, layer.bias)[0])
        parts.append(linear)
        if layer.scale is not None:
            parts.append(torch.nn.BatchNorm1d(layer.scale.columns))
            with torch.no_grad():
                parts[-1].weight.copy_(numbers(row, layer.scale)[0])
                parts[-1].bias.copy_(numbers(row, layer.shift)[0])
        if position < len(layout.layers) - 1:
            parts.append(torch.nn.ReLU())
    return torch.nn.Sequential(*parts, torch.nn.Sigmoid())


def numbers(row, block):
    return torch.as_tensor(row)[block.offset : block.offset + block.rows * block.columns].view(block.rows, block.columns)


def loss_of(answers, gains, transposed=False):
    """Minus the mean sum-rate; answers [B, pairs] in (0, 1), gains [B, pairs, pairs]."""
    low, high = watt(MIN_DBM), watt(MAX_DBM)
    powers = low + (high - low) * answers.double()
    gains = torch.as_tensor(np.swapaxes(gains, -1, -2) if transposed else gains)
    received = powers.unsqueeze(-1) * gains
    signal = torch.diagonal(received, dim1=-2, dim2=-1)
    interference = received.sum(dim=-2) - signal
    return -(torch.log1p(signal / (interference + NOISE_WATT)) / math.log(2.0)).sum(dim=-1).mean()


def train(layout, recipe, row, inputs, gains):
    """Epochs trained, epoch of the best loss, best mean rate, as `StackedTraining` reports them."""
    module = module_of(layout, row)
    optimizer = torch.optim.Adam(module.parameters(), lr=recipe.learning_rate)
    inputs = torch.as_tensor(inputs)
    best, best_epoch = math.inf, 0
    for epoch in range(1, recipe.epochs + 1):
        total, pending = 0.0, None
        for start in range(0, len(inputs), recipe.batch_size):
            if pending is not None:
                pending.step()
            part = slice(start, start + recipe.batch_size)
            loss = loss_of(module(inputs[part]), gains[part], recipe.transposed_loss)
            total += loss.item() * len(inputs[part])
            optimizer.zero_grad()
            loss.backward()
            pending = optimizer
        mean = total / len(inputs)
        if mean < best - recipe.min_delta:
            best, best_epoch = mean, epoch
        if epoch - best_epoch >= recipe.patience:
            break
        pending.step()
    return epoch, best_epoch, -best
