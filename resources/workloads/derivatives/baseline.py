"""The answer that says nothing: what every method should be better than."""

import numpy as np


def constant(times, samples, orders):
    """The mean of the samples, and zero for every derivative."""
    return {order: np.full(len(samples), samples.mean() if order == 0 else 0.0) for order in orders}
