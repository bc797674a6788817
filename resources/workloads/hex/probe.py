"""How many positions a second a network learns from at some batch sizes, on this device and with nothing beside it."""

import time

import torch

from training import Recipe, Training

LEAST_STEPS, LEAST_SECONDS = 3, 1.0
RECIPE = {"learning_rate": 1e-3, "dropout": 0.1, "weight_decay": 1e-4, "policy_weight": 0.5, "value_weight": 0.5}


class AnyPositions:
    """Random boards of the right shape: how fast a step is does not depend on what is on them."""

    def __init__(self, board, planes, count, device):
        self.board, random = board, torch.Generator().manual_seed(0)
        self.inputs = (torch.rand(count, planes, board, board, generator=random) < 0.3).float().to(device)
        self.targets = torch.randint(board * board, (count,), generator=random).to(device)
        self.values = torch.randint(2, (count,), generator=random).float().to(device)


def measure(shape, board, batch_size, device, mixed_precision=False, clock=time.perf_counter):
    """{"batchSize", "samplesPerSecond", "stepSeconds", "steps"} of training steps, the first left out."""
    positions = AnyPositions(board, shape.planes, batch_size, device)
    recipe = Recipe(**RECIPE, epochs=1, batch_size=batch_size, mixed_precision=mixed_precision)
    training = Training(shape, recipe, positions, positions, device)
    training.network.train()

    def step():
        losses, _ = training.step(positions.inputs, positions.targets, positions.values)
        losses[0].item()  # waits for the device

    step()
    began, steps = clock(), 0
    while steps < LEAST_STEPS or clock() - began < LEAST_SECONDS:
        step()
        steps += 1
    seconds = (clock() - began) / steps
    return {"batchSize": batch_size, "samplesPerSecond": round(batch_size / seconds, 1), "stepSeconds": round(seconds, 6), "steps": steps}


def is_out_of_memory(problem):
    return "out of memory" in str(problem).lower() or "can't allocate memory" in str(problem).lower()
