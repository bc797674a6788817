"""The training of one experiment, an epoch at a time. What an epoch does depends on seed and number alone, so it can go on anywhere."""

import contextlib
import hashlib
import time
from dataclasses import dataclass

import torch

from early_stopping import EarlyStopping
from experiments import standardised
from losses import mean_losses, policy_losses, right_moves, value_losses, weighted
from minibatch.adam import Adam
from network import build
from positions import SYMMETRIES
from self_play import NO_MOVE

STATE = "training.pt"
STEP_EVERY = 10  # steps between two points of the curve within epochs
EVALUATED_TOGETHER = 256  # a larger step would need more memory than the training, and is no faster on a CPU


@dataclass(frozen=True)
class Recipe:
    learning_rate: float
    dropout: float
    weight_decay: float
    policy_weight: float
    value_weight: float
    epochs: int
    batch_size: int
    patience: int = 3
    min_delta: float = 0.001
    augmentation: bool = False
    mixed_precision: bool = False
    seed: int = 0

    def stream(self, *names):
        """A seed of its own for each purpose."""
        text = "/".join(str(part) for part in (self.seed, *names))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")


class Training:
    """`training` and `validation` are Positions on the device."""

    def __init__(self, shape, recipe, training, validation, device):
        self.shape, self.recipe, self.device = shape, recipe, device
        self.training, self.validation = training, validation
        self.network = build(shape, training.board, recipe.dropout, recipe.stream("weights")).to(device)
        self.optimiser = Adam(self.network.parameters(), recipe.learning_rate, recipe.weight_decay)
        self.stopping = EarlyStopping(recipe.patience, recipe.min_delta)

    @property
    def epoch(self):
        return self.stopping.epoch

    @property
    def finished(self):
        return self.epoch >= self.recipe.epochs or self.stopping.stop

    @property
    def steps(self):
        return -(-len(self.training) // self.recipe.batch_size)

    def train_epoch(self, watch=lambda step, loss: None):
        """The next epoch and its validation, as a row. `watch` gets the number of the step and, now and then, its loss."""
        recipe, epoch = self.recipe, self.epoch + 1
        random = torch.Generator().manual_seed(recipe.stream("order", epoch))
        torch.manual_seed(recipe.stream("dropout", epoch))
        order = torch.randperm(len(self.training), generator=random).to(self.device)
        turns = torch.randint(SYMMETRIES, order.shape, generator=random).to(self.device) if recipe.augmentation else None
        self.network.train()
        began, found, norms = time.monotonic(), [], []
        for step, which in enumerate(order.split(recipe.batch_size)):
            inputs, targets, values = self.training.batch(which, self.shape.planes, None if turns is None else turns[which])
            losses, norm = self.step(inputs, targets, values)
            moving = (targets != NO_MOVE).sum()
            found.append((*losses, moving, len(which)))
            norms.append(norm)
            watch(step + 1, float(weighted(*losses, recipe)) if step % STEP_EVERY == 0 else None)
        policy, value = self.means(found)
        seconds = time.monotonic() - began
        row = {
            "epoch": epoch,
            "trainPolicyLoss": policy,
            "trainValueLoss": value,
            "trainLoss": weighted(policy, value, recipe),
            "trainStandardisedLoss": standardised(policy, value),
            **self.evaluate()[0],
            "gradientNorm": float(torch.stack(norms).mean()),
            **self.weight_norms(),
            "trainingSeconds": seconds,
            "samplesPerSecond": len(self.training) / seconds,
        }
        row["best"] = self.stopping.add(row["standardisedLoss"], self.network)
        row["seconds"] = time.monotonic() - began
        return row

    def step(self, inputs, targets, values):
        with self.precision():
            logits, answers = self.network(inputs)
        losses = mean_losses(policy_losses(logits, targets), value_losses(answers, values), targets)
        weighted(*losses, self.recipe).backward()
        return [loss.detach() for loss in losses], self.optimiser.step()

    def precision(self):
        """Half the digits where the device is faster with them; the CPU is not."""
        if not self.recipe.mixed_precision or self.device == "cpu":
            return contextlib.nullcontext()
        return torch.autocast(self.device.split(":")[0], dtype=torch.bfloat16)

    @staticmethod
    def means(found):
        """Means over the positions of an epoch from those over its batches; the policy's count where there is a move."""
        policy, value, moving, count = (torch.tensor([float(one) for one in column], dtype=torch.float64) for column in zip(*found, strict=True))
        return float((policy * moving).sum() / moving.sum()), float((value * count).sum() / count.sum())

    @torch.no_grad()
    def evaluate(self):
        """The validation losses of the network as it is: a row of means, and those of each game [games, 3].

        A game's three: mean policy loss, mean value loss, and the two in the standard weights.
        """
        self.network.eval()
        policy, value, right, sides = [], [], [], []
        every = torch.arange(len(self.validation), device=self.device)
        for which in every.split(EVALUATED_TOGETHER):
            inputs, targets, values = self.validation.batch(which, self.shape.planes)
            with self.precision():
                logits, answers = self.network(inputs)
            policy.append(policy_losses(logits, targets).cpu().double())
            value.append(value_losses(answers, values).cpu().double())
            right.append(right_moves(logits, targets).cpu())
            sides.append(((answers > 0.5) == (values > 0.5)).cpu())
        policy, value, right, sides = map(torch.cat, (policy, value, right, sides))
        moving = self.validation.targets.cpu() != NO_MOVE
        means = float(policy.sum() / moving.sum()), float(value.mean())
        row = {
            "policyLoss": means[0],
            "valueLoss": means[1],
            "validationLoss": weighted(*means, self.recipe),
            "standardisedLoss": standardised(*means),
            "top1": float(right.sum() / moving.sum()),
            "valueAccuracy": float(sides.double().mean()),
        }
        return row, self.by_game(policy, value, moving)

    def by_game(self, policy, value, moving):
        game = self.validation.game.cpu()
        zero = torch.zeros(int(game.max()) + 1, dtype=torch.float64)
        moves, positions = (zero.index_add(0, game, counted.double()) for counted in (moving, torch.ones_like(moving)))
        own_policy = zero.index_add(0, game, policy) / moves.clamp(min=1)
        own_value = zero.index_add(0, game, value) / positions
        return torch.stack([own_policy, own_value, standardised(own_policy, own_value)], 1)

    def best(self):
        """The network as it was after its best epoch."""
        if self.stopping.best_weights is None:
            raise RuntimeError("No epoch had a finite validation loss, so there is no best network. Try a lower learning rate.")
        self.network.load_state_dict(self.stopping.best_weights)
        return self.network

    def weight_norms(self):
        norms = torch.stack([values.detach().norm() for values in self.network.parameters()])
        return {"weightNormMean": float(norms.mean()), "weightNormStd": float(norms.std())}

    def save(self, folder):
        state = {"network": self.network.state_dict(), "optimiser": self.optimiser.state(), "stopping": self.stopping.state()}
        torch.save(state, folder / STATE)

    def restore(self, folder):
        state = torch.load(folder / STATE, map_location="cpu", weights_only=True)
        self.network.load_state_dict(state["network"])
        self.optimiser.restore(state["optimiser"])
        self.stopping.restore(state["stopping"])
