"""Builds a layer or network in PyTorch, with random numbers that depend on the data seed and the layer's name alone."""

import hashlib

import torch
from torch import nn

from experiments import IMAGE
from fixed_point import Square


def generator_for(seed, *names):
    """A stream of random numbers of its own for each purpose: the order of experiments changes nothing."""
    text = "/".join([str(seed), *names])
    return torch.Generator().manual_seed(int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big"))


def build(layer, seed):
    """The untrained module in evaluation mode, float32."""
    simple = {"relu": nn.ReLU, "silu": nn.SiLU, "tanh": nn.Tanh, "square": Square}
    if layer.kind in simple:
        module = simple[layer.kind]()
    elif layer.kind == "max-pool":
        module = nn.MaxPool2d(2)
    elif layer.kind == "average-pool":
        module = nn.AvgPool2d(2)
    elif layer.kind == "convolution":
        inputs, outputs, stride, groups = layer.settings
        module = nn.Conv2d(inputs, outputs, 3, stride=stride, padding=1, groups=groups)
    elif layer.kind == "linear":
        module = nn.Linear(*layer.settings)
    elif layer.kind == "batch-norm":
        module = nn.BatchNorm2d(*layer.settings)
    elif layer.kind == "layer-norm":
        module = nn.LayerNorm(layer.settings)
    else:
        module = network(*layer.settings)
    return randomised(module, generator_for(seed, layer.name, "weights")).eval()


def network(activation, reduction):
    """Two convolutions and a linear layer; only activation and the way down to 8 x 8 differ."""
    first, second = {"relu": (nn.ReLU, nn.ReLU), "square": (Square, Square), "mixed": (Square, nn.ReLU)}[activation]
    stride = 2 if reduction == "stride" else 1
    pool = {"max": nn.MaxPool2d, "average": nn.AvgPool2d}.get(reduction)

    def down():
        return [pool(2)] if pool else []

    return nn.Sequential(
        nn.Conv2d(IMAGE[0], 32, 3, stride=stride, padding=1), first(), *down(),
        nn.Conv2d(32, 64, 3, stride=stride, padding=1), second(), *down(),
        nn.Flatten(), nn.Linear(64 * 8 * 8, 10),
    )  # fmt: skip


@torch.no_grad()
def randomised(module, generator):
    """Draws again what PyTorch drew from its global stream, by the same rules; normalisations get a state worth the name."""
    for part in module.modules():
        if isinstance(part, (nn.Conv2d, nn.Linear)):
            bound = part.weight[0].numel() ** -0.5
            part.weight.uniform_(-bound, bound, generator=generator)
            part.bias.uniform_(-bound, bound, generator=generator)
        if isinstance(part, (nn.BatchNorm2d, nn.LayerNorm)):
            part.weight.uniform_(0.5, 1.5, generator=generator)
            part.bias.normal_(0, 0.1, generator=generator)
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.5, generator=generator)
            part.running_var.uniform_(0.5, 1.5, generator=generator)
    return module


def standard_input(layer, seed):
    """One input of standard normal numbers, [1, *shape]."""
    return torch.randn((1, *layer.shape), generator=generator_for(seed, layer.name, "input"))


def parameter_count(module):
    return sum(values.numel() for values in module.parameters())
