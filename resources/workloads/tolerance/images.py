"""A made-up set of images to learn: coloured gratings under noise, ten classes by the direction of the stripes."""

import math

import torch

from experiments import IMAGE
from layers import generator_for

CLASSES = 10
NOISE = 0.6  # standard deviation beside stripes of amplitude 1, so that no network can be sure


def images(seed, split, count):
    """Float32 images [count, 3, 32, 32] of zero mean and unit size, and their classes [count]."""
    generator = generator_for(seed, "images", split)
    classes = torch.arange(count) % CLASSES
    classes = classes[torch.randperm(count, generator=generator)]

    def uniform(low, high, *shape):
        return low + (high - low) * torch.rand(count, *shape, generator=generator)

    # Half a class's width of jitter: neighbouring directions touch.
    angle = (classes + uniform(-0.35, 0.35)) * (math.pi / CLASSES)
    waves = uniform(2.0, 4.0)
    phase = uniform(0, 2 * math.pi)
    colour = uniform(0.3, 1.0, IMAGE[0])
    rows, columns = torch.meshgrid(*(torch.linspace(0, 1, size) for size in IMAGE[1:]), indexing="ij")
    across = torch.cos(angle)[:, None, None] * columns + torch.sin(angle)[:, None, None] * rows
    stripes = torch.sin(2 * math.pi * waves[:, None, None] * across + phase[:, None, None])
    pictures = colour[:, :, None, None] * stripes[:, None]
    return pictures + NOISE * torch.randn(pictures.shape, generator=generator), classes
