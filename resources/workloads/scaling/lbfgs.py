"""L-BFGS from many starts at once: every row is a minimisation of its own."""

import numpy as np

MEMORY = 8
HALVINGS = 25
DECREASE = 1e-4  # of what the slope promises


def minimise(function, starts, steps=200):
    """`function(points [n, k], rows)` gives values [n] and gradients [n, k]; `rows` are the numbers of the starts they belong to.

    Returns the points and values reached. A row ends when it no longer falls.
    """
    points = np.array(starts, dtype=float)
    everyone = np.arange(len(points))
    values, gradients = function(points, everyone)
    going = np.isfinite(values)
    history = []
    for _ in range(steps):
        rows = np.flatnonzero(going)
        if not len(rows):
            break
        direction = -two_loops(gradients[rows], [(moves[rows], changes[rows]) for moves, changes in history])
        slope = (direction * gradients[rows]).sum(1)
        uphill = slope >= 0
        direction[uphill], slope[uphill] = -gradients[rows][uphill], -(gradients[rows][uphill] ** 2).sum(1)
        length = np.ones(len(rows)) if history else 1 / np.maximum(1, np.abs(direction).sum(1))
        reached, found, slopes = points[rows].copy(), values[rows].copy(), gradients[rows].copy()
        waiting = np.arange(len(rows))
        for _ in range(HALVINGS):
            trial = points[rows[waiting]] + length[waiting, None] * direction[waiting]
            new, slope_new = function(trial, rows[waiting])
            good = new <= values[rows[waiting]] + DECREASE * length[waiting] * slope[waiting]
            kept = waiting[good]
            reached[kept], found[kept], slopes[kept] = trial[good], new[good], slope_new[good]
            waiting = waiting[~good]
            length[waiting] /= 2
            if not len(waiting):
                break
        moves, changes = np.zeros_like(points), np.zeros_like(points)
        moves[rows], changes[rows] = reached - points[rows], slopes - gradients[rows]
        history = [*history[1 - MEMORY :], (moves, changes)]
        fallen = values[rows] - found
        points[rows], values[rows], gradients[rows] = reached, found, slopes
        going[rows] = fallen > 1e-13 * np.maximum(1e-3, np.abs(found))
    return points, values


def two_loops(gradients, history):
    """The inverse curvature that the last moves tell, times the gradients. Moves that tell of none are passed over."""
    vector, factors = gradients.copy(), []
    for moves, changes in reversed(history):
        curved = (moves * changes).sum(1)
        useful = curved > 1e-30
        share = np.where(useful, (moves * vector).sum(1) / np.where(useful, curved, 1), 0)
        vector -= share[:, None] * changes
        factors.append((moves, changes, curved, useful, share))
    if history:
        _, changes, curved, useful, _ = factors[0]
        size = (changes**2).sum(1)
        vector *= np.where(useful & (size > 0), curved / np.where(size > 0, size, 1), 1)[:, None]
    for moves, changes, curved, useful, share in reversed(factors):
        back = np.where(useful, (changes * vector).sum(1) / np.where(useful, curved, 1), 0)
        vector += np.where(useful, share - back, 0)[:, None] * moves
    return vector
