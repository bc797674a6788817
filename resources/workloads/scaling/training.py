"""One training, step by step. What a step reads follows from seed and step alone, so it can go on anywhere."""

import contextlib
import math

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

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
    """`accumulation`: parts of a batch; 0 takes as few as fit into `memory` bytes of each process.

    Of several `processes` each computes an equal share of every batch, and all make the same step: the model is that of
    one process but for the order in which numbers are added.
    """

    def __init__(self, settings, language, device, memory, accumulation=0, rank=0, processes=1):
        self.settings, self.language, self.device = settings, language, device
        self.rank, self.processes = rank, processes
        self.shape = settings.shape(language.vocabulary)
        if settings.batch % processes:
            raise ValueError(f"A batch of {settings.batch} cannot be shared by {processes} processes equally.")
        share = settings.batch // processes
        wanted = accumulation or settings.accumulation
        if wanted and settings.batch % wanted:
            raise ValueError(f"A batch of {settings.batch} cannot be divided into {wanted} equal parts.")
        if wanted:
            self.parts = min(parts for parts in range(1, share + 1) if share % parts == 0 and parts * processes >= wanted)
        else:
            self.parts = accumulation_of(self.shape, share, memory, memory_fraction(settings.width))
        self.accumulation = self.parts * processes
        self.own = slice(rank * share, (rank + 1) * share)
        self.module = build(self.shape, settings).to(device)
        self.model = shared_model(self.module, device) if processes > 1 else self.module
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
            torch.manual_seed(settings.model_seed * 1_000_003 + self.steps + self.rank * 998_244_353)
        self.module.train()
        total = 0.0
        # Gradients of several processes are averaged, so that each divides by its own share of the tokens.
        counted = settings.batch * settings.sequence / self.processes
        for at, part in enumerate(torch.from_numpy(tokens[self.own]).to(self.device).chunk(self.parts), 1):
            with self.alone(at < self.parts):
                loss = loss_of(self.model(part[:, :-1]), part[:, 1:], "sum") / counted
                loss.backward()
            total = total + loss.detach()
        if self.processes > 1:
            distributed.all_reduce(total)
            total /= self.processes
        self.optimiser.step(self.rate)
        self.losses.append(total)

    def alone(self, more):
        """Gradients of a part that is not the last of a step stay with its process."""
        return self.model.no_sync() if more and self.processes > 1 else contextlib.nullcontext()

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


def shared_model(module, device):
    """Gradients are averaged over the processes of the run, which `minibatch.together` has joined."""
    cards = [torch.device(device)] if device.startswith("cuda") else None
    # Buffers are tables that are the same everywhere.
    return DistributedDataParallel(module, device_ids=cards, broadcast_buffers=False)


def saved_state(folder, device):
    return torch.load(folder / STATE_FILE, map_location=device, weights_only=True)


def standard_error(values):
    return float(values.std() / math.sqrt(len(values)))
