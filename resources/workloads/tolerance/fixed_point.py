"""Integer arithmetic at a fixed-point scale, as a circuit would do it.

A value v is the integer round(v * 2 ** scale). A product of two such integers has twice the scale and is brought back
by one rounded division. The integers are held in float64, which is exact up to 2 ** 53; beyond that nothing is computed.
"""

import math

import torch
from torch import nn
from torch.nn import functional

EXACT = 2**53


class Square(nn.Module):
    def forward(self, values):
        return values * values


class FixedPoint:
    """One evaluation at one scale; keeps the ranges that it saw and counts its operations.

    low, high      smallest and largest integer between two operations
    accumulator    largest magnitude of a sum of products before it is brought back to the scale
    multiplications, lookups, rescales   numbers of single operations
    table          largest number of distinct integers that a look-up has to cover
    """

    def __init__(self, scale):
        self.scale, self.unit = scale, 2.0**scale
        self.low = self.high = self.accumulator = 0.0
        self.multiplications = self.lookups = self.rescales = self.table = 0

    @property
    def integer_bits(self):
        """Bits of a signed integer that holds every value between two operations."""
        return max(bits(self.low), bits(self.high))

    @property
    def accumulator_bits(self):
        return max(bits(self.accumulator), self.integer_bits)

    def quantise(self, values, times=1):
        return torch.round(values.double() * self.unit**times)

    @torch.no_grad()
    def run(self, module, values):
        """The real-valued output of the module for real-valued inputs, computed in integers."""
        return self.apply(module, self.seen(self.quantise(values))) / self.unit

    def apply(self, module, values):
        step = STEPS.get(type(module))
        if step is None:
            raise TypeError(f"There is no fixed-point form of {type(module).__name__}.")
        return step(self, module, values)

    def seen(self, values):
        low, high = values.aminmax()
        self.low, self.high = min(self.low, float(low)), max(self.high, float(high))
        return values

    def summed(self, values):
        """Notes a sum of products; refuses one that float64 could have rounded."""
        low, high = values.aminmax()
        self.accumulator = max(self.accumulator, -float(low), float(high))
        if self.accumulator >= EXACT:
            raise OverflowError(f"An accumulator needs more than 53 bits at scale {self.scale}.")
        return values

    def rescaled(self, values, divisor=None):
        self.rescales += values.numel()
        return self.seen(torch.round(self.summed(values) / (divisor or self.unit)))

    def looked_up(self, values, function):
        low, high = values.aminmax()
        self.table = max(self.table, int(high - low) + 1)
        self.lookups += values.numel()
        return self.seen(torch.round(function(values / self.unit) * self.unit))


def bits(value):
    """Bits of a signed integer of this size, one of them for the sign."""
    return 1 + math.ceil(math.log2(abs(value) + 1))


def sequence(fixed, module, values):
    for part in module:
        values = fixed.apply(part, values)
    return values


def square(fixed, module, values):
    fixed.multiplications += values.numel()
    return fixed.rescaled(values * values)


def average_pool(fixed, module, values):
    size = module.kernel_size
    return fixed.rescaled(torch.round(functional.avg_pool2d(values, size) * size**2), size**2)


def linear(fixed, module, values):
    fixed.multiplications += values.shape[0] * module.weight.numel()
    return fixed.rescaled(values @ fixed.quantise(module.weight).T + fixed.quantise(module.bias, 2))


def convolution(fixed, module, values):
    """Patches times weights: a float64 matrix product is several times faster than a float64 convolution."""
    size, stride, groups = module.kernel_size[0], module.stride[0], module.groups
    weight = fixed.quantise(module.weight).reshape(groups, module.out_channels // groups, -1)
    sums = []
    for image in values:
        patches = functional.unfold(image[None], size, padding=module.padding[0], stride=stride)[0]
        product = weight @ patches.reshape(groups, -1, patches.shape[-1])
        sums.append(product.reshape(module.out_channels, -1))
    height = (values.shape[2] + 2 * module.padding[0] - size) // stride + 1
    total = torch.stack(sums) + fixed.quantise(module.bias, 2)[:, None]
    fixed.multiplications += total.numel() * module.weight[0].numel()
    return fixed.rescaled(total.reshape(len(values), module.out_channels, height, -1))


def batch_norm(fixed, module, values):
    """In use, not in training: one factor and one offset a channel."""
    factor = module.weight.double() / torch.sqrt(module.running_var.double() + module.eps)
    offset = module.bias.double() - module.running_mean.double() * factor
    fixed.multiplications += values.numel()
    return fixed.rescaled(values * fixed.quantise(factor)[:, None, None] + fixed.quantise(offset, 2)[:, None, None])


def layer_norm(fixed, module, values):
    """Mean and variance are sums brought back to the scale; the inverse root is looked up."""
    axes, count = tuple(range(1, values.ndim)), values[0].numel()
    centred = fixed.seen(values - fixed.rescaled(values.sum(axes, keepdim=True), count))
    variance = fixed.rescaled(fixed.summed((centred * centred).sum(axes, keepdim=True)) / fixed.unit, count)
    inverse = fixed.looked_up(variance, lambda real: torch.rsqrt(real + module.eps))
    normal = fixed.rescaled(centred * inverse)
    fixed.multiplications += 3 * values.numel()
    return fixed.rescaled(normal * fixed.quantise(module.weight) + fixed.quantise(module.bias, 2))


def lookup(function):
    return lambda fixed, module, values: fixed.looked_up(values, function)


def rectify(fixed, module, values):
    """The result is one of the inputs, yet a circuit has to look up on which side of zero a value lies."""
    return fixed.looked_up(values, torch.relu)


def max_pool(fixed, module, values):
    # Three comparisons of two values each, looked up like a sign.
    fixed.lookups += 3 * values.numel() // 4
    low, high = values.aminmax()
    fixed.table = max(fixed.table, int(high - low) + 1)
    # Four slices: PyTorch's own pooling is slow in float64.
    first, second = values[..., ::2, :], values[..., 1::2, :]
    rows = torch.maximum(first, second)
    return torch.maximum(rows[..., ::2], rows[..., 1::2])


STEPS = {
    nn.Sequential: sequence,
    nn.Flatten: lambda fixed, module, values: values.flatten(1),
    nn.ReLU: rectify,
    nn.SiLU: lookup(functional.silu),
    nn.Tanh: lookup(torch.tanh),
    Square: square,
    nn.MaxPool2d: max_pool,
    nn.AvgPool2d: average_pool,
    nn.Linear: linear,
    nn.Conv2d: convolution,
    nn.BatchNorm2d: batch_norm,
    nn.LayerNorm: layer_norm,
}
