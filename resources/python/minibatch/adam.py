"""Adam in a few lines. PyTorch's own loads a compiler at first use, which costs 90 MB and as much time as an epoch."""

import torch

BETAS = (0.9, 0.999)
EPSILON = 1e-8


class Adam:
    """`decay` is added to the gradient, as in the original method."""

    def __init__(self, parameters, rate, decay):
        self.parameters, self.rate, self.decay = list(parameters), rate, decay
        self.means = [torch.zeros_like(values) for values in self.parameters]
        self.squares = [torch.zeros_like(values) for values in self.parameters]
        self.steps = 0

    @torch.no_grad()
    def step(self, clip=None):
        """One step; the gradients are used up. Returns their common norm, before the decay, as a tensor.

        With `clip` the gradients are first cut to that common norm.
        """
        gradients = [values.grad for values in self.parameters]
        norm = torch.stack(torch._foreach_norm(gradients)).norm()
        if clip is not None:
            torch._foreach_mul_(gradients, (clip / (norm + 1e-6)).clamp(max=1.0))
        torch._foreach_add_(gradients, self.parameters, alpha=self.decay)
        self.steps += 1
        first, second = (1 - beta**self.steps for beta in BETAS)
        torch._foreach_lerp_(self.means, gradients, 1 - BETAS[0])
        torch._foreach_mul_(self.squares, BETAS[1])
        torch._foreach_addcmul_(self.squares, gradients, gradients, 1 - BETAS[1])
        sizes = torch._foreach_sqrt(self.squares)
        torch._foreach_div_(sizes, second**0.5)
        torch._foreach_add_(sizes, EPSILON)
        torch._foreach_addcdiv_(self.parameters, self.means, sizes, -self.rate / first)
        for values in self.parameters:
            values.grad = None
        return norm

    def state(self):
        return {"means": self.means, "squares": self.squares, "steps": self.steps}

    def restore(self, state):
        for kept, given in ((self.means, state["means"]), (self.squares, state["squares"])):
            for mine, theirs in zip(kept, given, strict=True):
                mine.copy_(theirs)
        self.steps = state["steps"]
