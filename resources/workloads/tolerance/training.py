"""Trains a network on the gratings, or takes over the weights that an experiment of the same network has left."""

import hashlib
import json
import os
from dataclasses import asdict, dataclass

import torch
from torch.nn import functional

from images import images
from layers import build, generator_for
from minibatch.adam import Adam

RECIPE_VERSION = 1  # counts up when the same settings would give other weights
EPOCH_FILE = "training.pt"


@dataclass(frozen=True)
class Recipe:
    network: str
    seed: int
    images: int
    epochs: int
    batch_size: int = 128
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    clip: float = 1.0

    def weights_file(self, cache_folder, device):
        about = {**asdict(self), "version": RECIPE_VERSION, "device": device.split(":")[0], "torch": torch.__version__}
        key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:24]
        return cache_folder / f"tolerance-{self.network}-{key}.pt"


class Training:
    """One epoch at a time. The order of an epoch depends on seed and epoch alone, so it can go on anywhere."""

    def __init__(self, layer, recipe, device):
        self.recipe, self.device = recipe, device
        self.module = build(layer, recipe.seed).to(device).train()
        self.optimiser = Adam(self.module.parameters(), recipe.learning_rate, recipe.weight_decay)
        self.epoch = 0
        pictures, classes = images(recipe.seed, "training", recipe.images)
        self.pictures, self.classes = pictures.to(device), classes.to(device)

    @property
    def finished(self):
        return self.epoch >= self.recipe.epochs

    def train_epoch(self):
        """Returns the mean loss of the epoch's steps."""
        generator = generator_for(self.recipe.seed, self.recipe.network, "order", str(self.epoch))
        order = torch.randperm(len(self.classes), generator=generator).to(self.device)
        losses = [self.step(batch) for batch in order.split(self.recipe.batch_size)]
        self.epoch += 1
        return float(torch.stack(losses).mean())

    def step(self, batch):
        loss = functional.cross_entropy(self.module(self.pictures[batch]), self.classes[batch])
        loss.backward()
        # Squared activations of a bad start can explode.
        self.optimiser.step(self.recipe.clip)
        return loss.detach()

    def save(self, folder):
        state = {"module": self.module.state_dict(), "optimiser": self.optimiser.state(), "epoch": self.epoch}
        torch.save(state, folder / EPOCH_FILE)

    def restore(self, folder):
        state = torch.load(folder / EPOCH_FILE, map_location=self.device, weights_only=True)
        self.module.load_state_dict(state["module"])
        self.optimiser.restore(state["optimiser"])
        self.epoch = state["epoch"]

    def trained(self):
        return self.module.to("cpu").eval()


def keep_weights(path, module):
    """Whole or not at all; two experiments that trained the same network write the same."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    torch.save(module.state_dict(), temporary)
    os.replace(temporary, path)


def kept_weights(path, layer, seed):
    """The trained network in evaluation mode, or None. A file that cannot be read counts as none."""
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        module = build(layer, seed)
        module.load_state_dict(state)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError):
        return None
    return module.eval()
