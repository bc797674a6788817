"""The law L(N, D) = E + A / N^alpha + B / D^beta, fitted to measured losses.

Huber's distance between the logarithm of the loss and logsumexp(a - alpha log N, b - beta log D, e), minimised by L-BFGS
from a grid of starts; intervals from resampling whole trainings, because the losses of one are not independent.
"""

import itertools

import numpy as np

from lbfgs import minimise

DELTA = 1e-3
EXPONENTS = (0.05, 0.25, 0.45, 0.65)
OFFSETS = {"a": (0, 5, 10), "b": (0, 5, 10), "e": (-0.5, 0.5, 1.0)}
EXPONENT_RANGE = (0.0, 2.0)  # beyond it a law would say that more makes worse, or be no law but a step
MOST_STARTS = 1000
RESAMPLED = 100
LEAST_POINTS, LEAST_SIZES = 8, 3
INTERVAL = (5, 95)  # percent
BEST_STARTS = 5  # from which every resampling begins


class CannotFit(Exception):
    """One sentence that says what is missing."""


def starts():
    grid = itertools.product(*OFFSETS.values(), EXPONENTS, EXPONENTS)
    return np.array(list(grid), dtype=float)[:MOST_STARTS]


def objective(points, weights, fixed=None):
    """Huber's distance summed over `points` (log N, log D, log L), each counted `weights` [starts, points] times.

    `fixed`: a value of e that is kept.
    """
    sizes, tokens, losses = points.T

    def distance(values, rows):
        a, b, e, alpha, beta = (values[:, at, None] for at in range(5))
        e = np.full_like(e, fixed) if fixed is not None else e
        parts = np.stack([a - alpha * sizes, b - beta * tokens, e + 0 * sizes])
        largest = parts.max(0)
        shares = np.exp(parts - largest)
        total = shares.sum(0)
        off = largest + np.log(total) - losses
        shares /= total
        counted = weights[rows] if len(weights) > 1 else weights
        small = np.abs(off) <= DELTA
        cost = np.where(small, off**2 / 2, DELTA * (np.abs(off) - DELTA / 2))
        pull = counted * np.clip(off, -DELTA, DELTA)
        outside = values[:, 3:] - np.clip(values[:, 3:], *EXPONENT_RANGE)
        by_e = (pull * shares[2]).sum(1) if fixed is None else np.zeros(len(values))
        slopes = [(pull * shares[0]).sum(1), (pull * shares[1]).sum(1), by_e, (-pull * shares[0] * sizes).sum(1), (-pull * shares[1] * tokens).sum(1)]
        slopes[3:] = [slopes[3] + 2 * outside[:, 0], slopes[4] + 2 * outside[:, 1]]
        # Scaled up: the search ends by the size of a fall, and these are tiny.
        return ((counted * cost).sum(1) + (outside**2).sum(1)) / DELTA**2, np.stack(slopes, 1) / DELTA**2

    return distance


def fit(trainings, fixed=None, seed=0):
    """`trainings`: for each its parameters N and the list of (tokens, loss). Raises CannotFit."""
    owners, points = usable(trainings)
    fixed = None if fixed is None else float(np.log(fixed))
    found, costs = minimise(objective(points, np.ones((1, len(points))), fixed), starts())
    order = np.argsort(costs)
    best, costs = found[order[:BEST_STARTS]], costs[order]
    # All starts together again from the best: what one of them could not see past, another may.
    refined, values = minimise(objective(points, np.ones((1, len(points))), fixed), best, 600)
    at = int(np.argmin(values))
    draws = resampled(owners, points, refined[at], fixed, seed)
    return report(refined[at], fixed, draws, points, float(values[at]) * DELTA**2)


def usable(trainings):
    """The points that can be fitted, and the training of each; what is not finite is left out."""
    owners, points = [], []
    for number, (parameters, measured) in enumerate(trainings):
        for tokens, loss in measured:
            if tokens > 0 and np.isfinite(loss) and loss > 0:
                owners.append(number)
                points.append((np.log(parameters), np.log(tokens), np.log(loss)))
    sizes = {round(size, 9) for size, _, _ in points}
    if len(points) < LEAST_POINTS or len(sizes) < LEAST_SIZES or len({tokens for _, tokens, _ in points}) < LEAST_SIZES:
        raise CannotFit(
            f"There are {len(points)} usable losses of {len(sizes)} sizes; a fit needs at least {LEAST_POINTS} losses "
            f"of {LEAST_SIZES} sizes at {LEAST_SIZES} numbers of tokens."
        )
    return np.array(owners), np.array(points)


def resampled(owners, points, best, fixed, seed):
    random = np.random.default_rng(seed)
    names = np.unique(owners)
    drawn = random.integers(0, len(names), (RESAMPLED, len(names)))
    counts = np.stack([(draw[:, None] == np.arange(len(names))).sum(0) for draw in drawn])
    weights = counts[:, np.searchsorted(names, owners)].astype(float)
    return minimise(objective(points, weights, fixed), np.repeat(best[None], RESAMPLED, 0), 200)[0]


def report(best, fixed, draws, points, cost):
    values = quantities(best[None], fixed)
    spread = quantities(draws, fixed)
    found = {name: float(value[0]) for name, value in values.items()}
    intervals = {name: [float(limit) for limit in np.percentile(value, INTERVAL)] for name, value in spread.items()}
    return {
        **found,
        "doubts": doubts(found, points, fixed),
        "intervals": intervals,
        "points": len(points),
        "sizes": len(set(points[:, 0])),
        "cost": cost,
        "starts": len(starts()),
        "resampled": RESAMPLED,
        "irreducible_loss": "fixed" if fixed is not None else "fitted",
    }


def doubts(found, points, fixed):
    """What of the answer these losses do not decide, in sentences."""
    said = []
    for name, what in (("alpha", "size"), ("beta", "more tokens")):
        low, high = EXPONENT_RANGE
        if not low + 0.01 < found[name] < high - 0.01:
            said.append(f"{name} is at the edge of what is searched: these losses do not tell how {what} helps.")
    if fixed is None and found["E"] < 0.25 * float(np.exp(points[:, 2].min())):
        said.append("E is next to nothing: these losses do not show where they would end.")
    return said


def quantities(rows, fixed):
    a, b, e, alpha, beta = rows.T
    with np.errstate(all="ignore"):
        together = alpha * beta / (alpha + beta)
        e = np.full_like(e, fixed) if fixed is not None else e
        return {"E": np.exp(e), "A": np.exp(a), "alpha": alpha, "B": np.exp(b), "beta": beta, "alpha_beta_over_sum": together}
