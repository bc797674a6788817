"""Finite differences: nothing is smoothed, so noise grows with every order by the inverse of the distance."""

import numpy as np


def weights(offsets, order):
    """Weights of a derivative at 0 from values at `offsets`, by Fornberg's recursion. They are exact for polynomials
    of a degree below the number of offsets.
    """
    count = len(offsets)
    table = np.zeros((order + 1, count))
    table[0, 0], scale, here = 1.0, 1.0, offsets[0]
    for i in range(1, count):
        width, before, here = 1.0, here, offsets[i]
        last = table[:, i - 1].copy()
        for j in range(i):
            distance = offsets[i] - offsets[j]
            width *= distance
            for k in range(order, -1, -1):
                lower = k * table[k - 1, j] if k else 0.0
                table[k, j] = (here * table[k, j] - lower) / distance
        for k in range(order, -1, -1):
            lower = k * last[k - 1] if k else 0.0
            table[k, i] = scale / width * (lower - before * last[k])
        scale = width
    return table[order]


def stencil_derivative(times, samples, order, first, count):
    """Values at every point from `count` neighbours, of which the first lies `first` steps away; at the ends the
    neighbours that there are.
    """
    if order == 0:
        return samples.copy()
    n = len(samples)
    step = (times[-1] - times[0]) / (n - 1)
    count = min(count, n)
    starts = np.clip(np.arange(n) + first, 0, n - count)
    answer = np.empty(n)
    known = {}
    for place, start in enumerate(starts):
        shift = int(start) - place
        if shift not in known:
            known[shift] = weights(np.arange(shift, shift + count, dtype=float), order) / step**order
        answer[place] = known[shift] @ samples[start : start + count]
    return answer


def forward_difference(times, samples, orders):
    """The next points, as few as an order needs."""
    return {order: stencil_derivative(times, samples, order, 0, order + 1) for order in orders}


def central_difference(times, samples, orders):
    """Neighbours on both sides, as few as an order needs: an error of second order in the distance."""
    return {order: stencil_derivative(times, samples, order, -((order + 1) // 2), 2 * ((order + 1) // 2) + 1) for order in orders}


def wide_difference(times, samples, orders):
    """Six neighbours more than `central_difference`: an error of eighth order in the distance."""
    return {order: stencil_derivative(times, samples, order, -((order + 1) // 2 + 3), 2 * ((order + 1) // 2 + 3) + 1) for order in orders}
