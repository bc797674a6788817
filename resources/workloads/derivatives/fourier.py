"""Trigonometric series: damped by cross-validation, or continued beyond the ends so that nothing has to be periodic."""

import numpy as np
from scipy.fft import dct

SMOOTHNESS = 4  # the penalty is on the square of this derivative
STRENGTHS = np.geomspace(1e-20, 1e10, 150)
EXTENSION = 1.6  # the period of the continuation, in lengths of the signal
MOST_TERMS = 120
# Samples at each end, and the degree of the polynomial that tells the slope there.
END_SAMPLES, END_DEGREE = 9, 3


def trend_of(places, samples):
    """A parabola with the slopes of the samples at both ends, 0 and 1: without it, mirrored samples would have kinks."""
    slopes = [
        np.polynomial.Polynomial.fit(places[part], samples[part], END_DEGREE).deriv()(end)
        for end, part in ((0.0, slice(0, END_SAMPLES)), (1.0, slice(-END_SAMPLES, None)))
    ]
    return np.polynomial.Polynomial([0.0, slopes[0], (slopes[1] - slopes[0]) / 2])


def cross_validated(spectrum, costs, misfit, n):
    """Shares to keep of each term, by generalized cross-validation. `misfit`: squares that no term explains."""

    def criterion(strength):
        kept = 1 / (1 + strength * costs)
        lost = strength * costs * kept
        return (np.sum((lost * spectrum) ** 2) + misfit) / (lost.sum() + n - len(spectrum)) ** 2

    return 1 / (1 + min(STRENGTHS, key=criterion) * costs)


def fourier_gcv(times, samples, orders):
    """A cosine series of the samples less a trend that evens out the ends; a penalty on the fourth derivative damps it."""
    n, length = len(samples), times[-1] - times[0]
    places = (times - times[0]) / length
    trend = trend_of(places, samples)
    amplitudes = dct(samples - trend(places), type=1) / (n - 1)
    amplitudes[[0, -1]] /= 2
    # No cost at all would make the criterion 0 / 0 for the mean.
    costs = np.maximum(np.arange(n), 0.5) ** (2.0 * SMOOTHNESS)
    amplitudes *= cross_validated(amplitudes, costs, 0.0, n)
    frequencies = np.pi * np.arange(n)
    phases = np.outer(places, frequencies)
    answer = {}
    for order in orders:
        wave = np.cos(phases + order * np.pi / 2) @ (amplitudes * frequencies**order)
        answer[order] = (wave + (trend.deriv(order) if order else trend)(places)) / length**order
    return answer


def fourier_continuation(times, samples, orders):
    """A Fourier series with a longer period than the samples have, so that it need not close at the ends. Fast terms cost
    more; how much, cross-validation decides.
    """
    n = len(samples)
    turn = 2 * np.pi / (EXTENSION * (times[-1] - times[0]))
    counts = np.arange(1, min(n // 2, MOST_TERMS) + 1)
    costs = counts ** float(SMOOTHNESS)
    phases = np.outer(turn * (times - times[0]), counts)
    basis = np.hstack([np.full((n, 1), 10.0), np.cos(phases) / costs, np.sin(phases) / costs])
    left, sizes, right = np.linalg.svd(basis, full_matrices=False)
    shares = left.T @ samples
    rest = samples - left @ shares
    kept = cross_validated(shares, (sizes[0] / np.maximum(sizes, 1e-160)) ** 2, float(rest @ rest), n)
    weights = right.T @ (kept * shares / np.maximum(sizes, 1e-160))
    cosines, sines = np.split(weights[1:] / np.tile(costs, 2), 2)
    answer = {}
    for order in orders:
        scale = (turn * counts) ** order
        shifted = phases + order * np.pi / 2
        answer[order] = np.cos(shifted) @ (cosines * scale) + np.sin(shifted) @ (sines * scale) + (10.0 * weights[0] if order == 0 else 0.0)
    return answer
