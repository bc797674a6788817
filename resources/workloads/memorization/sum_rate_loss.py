"""The training loss: minus the sum-rate, with its derivative written out, for a stack of networks.

With s in (0, 1) the answer of a network, p = low + (high - low) s its powers, T_j all power received by j plus
noise and I_j the same without j's own signal:  rate = sum_j log2 T_j - log2 I_j,  which is linear algebra twice:
T and I are s times a 6 x 12 matrix plus a constant, and d rate / d s is that matrix times (1/T, -1/I) / ln 2.
Gains are divided by the noise, so that float32 never sees 1e-12.
"""

import math

import numpy as np
import torch

from scenarios import MAX_DBM, MIN_DBM, NOISE_WATT, watt

LOW_WATT, HIGH_WATT = watt(MIN_DBM), watt(MAX_DBM)


def loss_tables(gains, transposed):
    """`slope` [..., pairs, 2 pairs] and `base` [..., 1, 2 pairs] as float32, from gains [..., pairs, pairs].

    `transposed` sums the interference going out of each transmitter instead of that coming into each receiver.
    """
    pairs = gains.shape[-1]
    relative = (np.swapaxes(gains, -1, -2) if transposed else gains) / NOISE_WATT
    both = np.concatenate([relative, relative * (1.0 - np.eye(pairs))], axis=-1)
    base = 1.0 + LOW_WATT * both.sum(axis=-2, keepdims=True)
    return (both * (HIGH_WATT - LOW_WATT)).astype(np.float32), base.astype(np.float32)


class SumRateLoss:
    """The loss of one batch for K networks; buffers are reused from step to step."""

    def __init__(self, slope, base):
        networks, samples, self.pairs, _ = slope.shape
        self.samples = samples
        self.slope = slope.reshape(networks * samples, self.pairs, 2 * self.pairs)
        self.base = base.reshape(networks * samples, 1, 2 * self.pairs)
        signs = torch.ones(2 * self.pairs)
        signs[self.pairs :] = -1.0
        self.signs = signs.repeat(samples).to(slope.device)
        self.weights = (-signs / (samples * math.log(2.0))).to(slope.device)
        self.received = torch.empty_like(self.base)
        self.logs = torch.empty_like(self.base)
        self.inverse = torch.empty_like(self.base)
        self.slopes = torch.empty(networks * samples, self.pairs, 1, device=slope.device)

    def rates(self, answers):
        """Summed (not averaged) sum-rate of the batch for each network: [K]. answers [K, B, pairs]."""
        torch.baddbmm(self.base, answers.view(-1, 1, self.pairs), self.slope, out=self.received)
        torch.log2(self.received, out=self.logs)
        return torch.mv(self.logs.view(-1, self.samples * 2 * self.pairs), self.signs)

    def gradient(self, answers, out):
        """Derivative of the mean negative rate before the sigmoid, after `rates` of the same answers: [K, B, pairs]."""
        torch.div(self.weights, self.received, out=self.inverse)
        torch.bmm(self.slope, self.inverse.view(-1, 2 * self.pairs, 1), out=self.slopes)
        torch.ops.aten.sigmoid_backward.grad_input(self.slopes.view_as(answers), answers, grad_input=out)
        return out
