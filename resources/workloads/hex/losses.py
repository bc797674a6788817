"""Cross entropy of the next move and squared error of the winner, position by position."""

import torch
from torch.nn import functional

from self_play import NO_MOVE


def policy_losses(logits, targets):
    """[b]; 0 where there is no next move: a final position teaches the policy nothing."""
    return functional.cross_entropy(logits.float(), targets, ignore_index=NO_MOVE, reduction="none")


def value_losses(values, wanted):
    return (values.float() - wanted) ** 2


def mean_losses(policy, value, targets):
    """Means of both: the policy's over the positions that have a next move, the value's over all."""
    return policy.sum() / (targets != NO_MOVE).sum().clamp(min=1), value.mean()


def weighted(policy, value, recipe):
    """What a training minimises: not comparable between trainings with other weights."""
    return recipe.policy_weight * policy + recipe.value_weight * value


def right_moves(logits, targets):
    """[b] of bool: the likeliest cell was played. False where there is no next move."""
    return torch.eq(logits.argmax(1), targets)
