"""Optimisers over groups of parameters. PyTorch's own load a compiler at first use, which takes longer than a short run."""

import math

import torch

BETAS = {"adamw": (0.9, 0.95), "adam": (0.9, 0.999), "lion": (0.9, 0.99)}
EPSILON = 1e-8
MOMENTUM = 0.9
CLIP = 1.0


class Optimiser:
    """`groups`: parameters by kind; `factors`: what the rate is multiplied with by kind. Only matrices decay, and only in adamw and lion."""

    def __init__(self, name, groups, factors, decay):
        self.name, self.groups, self.factors = name, groups, factors
        self.decay = decay if name in ("adamw", "lion") else 0.0
        moments = 1 if name in ("sgd", "lion") else 2
        self.moments = {
            kind: [[torch.zeros_like(one) for one in values] for _ in range(moments)] for kind, values in groups.items()
        }
        self.steps = 0

    @torch.no_grad()
    def step(self, rate):
        """One step on gradients whose common norm is first cut to CLIP; uses them up. Returns the norm before the cut."""
        everything = [one for values in self.groups.values() for one in values]
        gradients = [one.grad for one in everything]
        norm = torch.stack([gradient.norm() for gradient in gradients]).norm()
        torch._foreach_mul_(gradients, (CLIP / (norm + 1e-6)).clamp(max=1.0))
        self.steps += 1
        for kind, values in self.groups.items():
            own = rate * self.factors[kind]
            if self.decay and kind != "vector":
                torch._foreach_mul_(values, 1 - own * self.decay)
            getattr(self, "sgd" if self.name == "sgd" else "lion" if self.name == "lion" else "adam")(kind, values, own)
        for one in everything:
            one.grad = None
        return norm

    def adam(self, kind, values, rate):
        means, squares = self.moments[kind]
        gradients = [one.grad for one in values]
        first, second = BETAS[self.name]
        torch._foreach_lerp_(means, gradients, 1 - first)
        torch._foreach_mul_(squares, second)
        torch._foreach_addcmul_(squares, gradients, gradients, 1 - second)
        sizes = torch._foreach_sqrt(squares)
        torch._foreach_div_(sizes, math.sqrt(1 - second**self.steps))
        torch._foreach_add_(sizes, EPSILON)
        torch._foreach_addcdiv_(values, means, sizes, -rate / (1 - first**self.steps))

    def lion(self, kind, values, rate):
        (means,) = self.moments[kind]
        gradients = [one.grad for one in values]
        first, second = BETAS["lion"]
        signs = torch._foreach_lerp(means, gradients, 1 - first)
        torch._foreach_sign_(signs)
        torch._foreach_add_(values, signs, alpha=-rate)
        torch._foreach_lerp_(means, gradients, 1 - second)

    def sgd(self, kind, values, rate):
        (momenta,) = self.moments[kind]
        torch._foreach_mul_(momenta, MOMENTUM)
        torch._foreach_add_(momenta, [one.grad for one in values])
        torch._foreach_add_(values, momenta, alpha=-rate)

    def state(self):
        return {"moments": self.moments, "steps": self.steps}

    def restore(self, state):
        for kind, kept in self.moments.items():
            for mine, theirs in zip(kept, state["moments"][kind], strict=True):
                for one, other in zip(mine, theirs, strict=True):
                    one.copy_(other)
        self.steps = state["steps"]


WARM_UP_SHARE = 0.02
LEAST_RATE = 0.1  # of the highest, at the last step


def rate_at(step, steps, highest):
    """Rate of a step from 1 on: a line up over the first 2 %, then half a cosine down to a tenth."""
    rise = max(1, round(WARM_UP_SHARE * steps))
    if step <= rise:
        return highest * step / rise
    way = (step - rise) / max(1, steps - rise)
    return highest * (LEAST_RATE + (1 - LEAST_RATE) * (1 + math.cos(math.pi * way)) / 2)
