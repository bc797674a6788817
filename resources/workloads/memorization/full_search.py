"""The yardstick: the best sum-rate that any combination of four power levels per pair reaches."""

import itertools

import numpy as np

from scenarios import MAX_DBM, MIN_DBM, NOISE_WATT, cached_arrays, watt

LEVELS_DBM = (MIN_DBM, MAX_DBM - 6.0, MAX_DBM - 3.0, MAX_DBM)


def power_grid(pairs, levels_dbm=LEVELS_DBM):
    """All combinations of the levels in watts: [levels ** pairs, pairs]."""
    return np.array(list(itertools.product([watt(level) for level in levels_dbm], repeat=pairs)))


def search(gains, levels_dbm=LEVELS_DBM):
    """Best sum-rate of every scenario and the powers that reach it: [count], [count, pairs]."""
    grid = power_grid(gains.shape[-1], levels_dbm)
    direct = np.diagonal(gains, axis1=1, axis2=2)
    crossing = gains * (1.0 - np.eye(gains.shape[-1]))
    rates, best = np.empty(len(gains)), np.empty(len(gains), dtype=np.int64)
    for index in range(len(gains)):
        sinr = grid * direct[index] / (grid @ crossing[index] + NOISE_WATT)
        # One logarithm of the product instead of one for each pair: the order of the combinations is the same.
        products = (1.0 + sinr).prod(axis=1)
        best[index] = products.argmax()
        rates[index] = np.log2(products[best[index]])
    return rates, grid[best]


def load_search(data, cache):
    """Rates of the full search for the training and the unseen scenarios, made once for all runs."""

    def make():
        return {"rates": search(data.gains)[0], "unseen": search(data.unseen)[0]}

    arrays = cached_arrays(cache, f"memorization-{data.spec.digest()[:32]}-search", make)
    return arrays["rates"], arrays["unseen"]
