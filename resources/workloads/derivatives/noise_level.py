"""How much noise lies on samples, estimated from the samples alone. Methods are told nothing else about it."""

import math

import numpy as np

ORDERS = range(3, 11)


def noise_of(samples):
    """Standard deviation of the noise. High differences keep the noise and lose a smooth curve; the least one is taken,
    because a curve that is left in a difference only adds to it. The median keeps a few steep places from counting.
    """
    found = []
    for order in ORDERS:
        if len(samples) > 2 * order:
            typical = np.median(np.abs(np.diff(samples, order))) / 0.6745
            found.append(typical / math.sqrt(math.comb(2 * order, order)))
    return float(max(min(found), 1e-15 * np.std(samples), 1e-300))
