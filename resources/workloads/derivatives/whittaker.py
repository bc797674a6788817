"""Whittaker smoothing: samples against the squares of their own differences, balanced by cross-validation."""

import numpy as np
from scipy.linalg import eigh

from differences import stencil_derivative

# Powers of ten.
STRENGTHS = np.linspace(-4, 14, 109)


def smooth(samples, order):
    """The smoothed samples with a penalty on differences of the given order."""
    n = len(samples)
    matrix = np.diff(np.eye(n), order, axis=0)
    sizes, vectors = eigh(matrix.T @ matrix)
    # Polynomials below the order cost nothing; rounding would let them cost something.
    sizes[:order] = 0.0
    sizes = np.maximum(sizes, 0.0)
    spectrum = vectors.T @ samples

    def cross_validation(strength):
        kept = 1 / (1 + 10.0**strength * sizes)
        return np.sum(((1 - kept) * spectrum) ** 2) / (n - kept.sum()) ** 2

    best = min(STRENGTHS, key=cross_validation)
    return vectors @ (spectrum / (1 + 10.0**best * sizes))


def whittaker(times, samples, orders):
    """For each derivative a penalty two orders above it, then central differences of the smoothed samples."""
    answer = {}
    for order in orders:
        half = (order + 1) // 2 + 1
        answer[order] = stencil_derivative(times, smooth(samples, order + 2), order, -half, 2 * half + 1)
    return answer
