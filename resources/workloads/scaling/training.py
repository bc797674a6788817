"""One training, step by step. What a step reads follows from seed and step alone, so it can go on anywhere."""

import math

import torch

from models import loss_of
from optimisers import Optimiser, rate_at
from parametrisation import build, groups_of, rule_of
from sizes import accumulation_of, memory_fraction

STATE_FILE = "training.pt"
FALLBACK_BYTES = 4 << 30
EVALUATED_TOGETHER = 4096  # tokens


def device_memory(device, limit=None):
    """Bytes that a training on this device could use."""
    if device == "mps":
        return torch.mps.recommended_max_memory()
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return limit or FALLBACK_BYTES


class Training:
    """`accumulation`: parts of a batch; 0 takes as few as fit into `memory` bytes."""

    def __init__(self, settings, language, device, memory, accumulation=0):
        self.settings, self.language, self.device = settings, language, device
        self.shape = settings.shape(language.vocabulary)
        wanted = accumulation or settings.accumulation
        self.accumulation = wanted or accumulation_of(self.shape, settings.batch, memory, memory_fraction(settings.width))
        if settings.batch % self.accumulation:
            raise ValueError(f"A batch of {settings.batch} cannot be divided into {self.accumulation} equal parts.")
        self.module = build(self.shape, settings).to(device)
        factors = rule_of(settings.parametrisation, settings.width, settings.base_width, settings.tied).rates
        self.optimiser = Optimiser(settings.optimiser, groups_of(self.module), factors, settings.weight_decay)
        self.steps = 0
        self.losses = []  # of the steps since the last row
        count = max(1, settings.validation_tokens // settings.sequence)
        tokens, self.true_losses = language.validation(settings.data_seed, count, settings.sequence)
        self.validation = torch.from_numpy(tokens)

    @property
    def rate(self):
        """Of the step made last."""
        return rate_at(max(1, self.steps), self.settings.steps, self.settings.learning_rate)

    @property
    def tokens(self):
        return self.steps * self.settings.batch * self.settings.sequence

    def step(self):
        settings = self.settings
        self.steps += 1
        tokens = self.language.batch(settings.data_seed, self.steps, settings.batch, settings.sequence)
        if settings.dropout:
            # What is dropped follows from the step too, also after a resume.
            torch.manual_seed(settings.model_seed * 1_000_003 + self.steps)
        self.module.train()
        total = 0.0
        for part in torch.from_numpy(tokens).to(self.device).chunk(self.accumulation):
            loss = loss_of(self.module(part[:, :-1]), part[:, 1:], "sum") / (settings.batch * settings.sequence)
            loss.backward()
            total = total + loss.detach()
        self.optimiser.step(self.rate)
        self.losses.append(total)

    def taken_losses(self):
        """Mean loss of the steps since this was asked last, None where there was none."""
        if not self.losses:
            return None
        mean = float(torch.stack(self.losses).mean())
        self.losses = []
        return mean

    @torch.no_grad()
    def evaluate(self):
        """Mean loss on the validation tokens, its standard error, and the same for what it is above a reader who knows the source."""
        self.module.eval()
        parts = []
        for part in self.validation.split(max(1, EVALUATED_TOGETHER // self.settings.sequence)):
            part = part.to(self.device)
            parts.append(loss_of(self.module(part[:, :-1]), part[:, 1:], "none").cpu())
        losses = torch.cat(parts).double()
        found = {"loss": float(losses.mean()), "error": standard_error(losses)}
        if self.true_losses is not None:
            above = losses - torch.from_numpy(self.true_losses).flatten()
            found |= {"above": float(above.mean()), "above_error": standard_error(above)}
        return found

    def save(self, folder):
        losses = torch.stack(self.losses) if self.losses else torch.zeros(0)
        state = {"module": self.module.state_dict(), "optimiser": self.optimiser.state(), "losses": losses}
        torch.save({**state, "steps": self.steps, "accumulation": self.accumulation}, folder / STATE_FILE)

    def restore(self, state):
        self.module.load_state_dict(state["module"])
        self.optimiser.restore(state["optimiser"])
        self.losses, self.steps = list(state["losses"]), state["steps"]


def saved_state(folder, device):
    return torch.load(folder / STATE_FILE, map_location=device, weights_only=True)


def standard_error(values):
    return float(values.std() / math.sqrt(len(values)))
