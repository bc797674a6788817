"""Polynomials fitted to a window around every point: Savitzky-Golay, and local regression with weights that fall off."""

import math

import numpy as np
from scipy.linalg import solve_triangular
from scipy.signal import savgol_filter

FIXED_WINDOW = 15
WINDOWS = (5, 7, 9, 11, 13, 17, 21, 27, 35, 45, 59, 75, 95)
# Degrees above the order of the derivative. Two more than needed make an even error vanish.
SPARE_DEGREES = 2
BANDWIDTHS = (1, 1.7, 2.5, 3.5, 5, 7, 10, 14, 20, 28, 40)


def degree_for(order):
    return order + SPARE_DEGREES + (order + SPARE_DEGREES + 1) % 2


def savgol(times, samples, order, window, degree):
    step = times[1] - times[0]
    return savgol_filter(samples, window, degree, deriv=order, delta=step, mode="interp")


def savgol_fixed(times, samples, orders):
    """A window of 15 points at every noise; wider only where an order's degree needs it."""
    return {
        order: savgol(times, samples, order, max(FIXED_WINDOW, degree_for(order) + 4 + degree_for(order) % 2), degree_for(order))
        for order in orders
    }


def own_share(window, degree):
    """Weight of the middle sample in its own fit."""
    offsets = np.linspace(-1, 1, window)
    basis, _ = np.linalg.qr(np.vander(offsets, degree + 1))
    return float(basis[window // 2] @ basis[window // 2])


def savgol_adaptive(times, samples, orders):
    """The window by leave-one-out cross-validation, for each degree: more noise, wider windows."""
    chosen, answer = {}, {}
    for order in orders:
        degree = degree_for(order)
        if degree not in chosen:
            windows = [window for window in WINDOWS if degree + 2 <= window <= len(samples)]
            inner = slice(max(windows) // 4, -(max(windows) // 4))
            chosen[degree] = min(
                windows,
                key=lambda window: np.mean((samples - savgol(times, samples, 0, window, degree))[inner] ** 2) / (1 - own_share(window, degree)) ** 2,
            )
        answer[order] = savgol(times, samples, order, chosen[degree], degree)
    return answer


def local_polynomial(times, samples, orders):
    """Local regression with tricube weights, also at the ends; the bandwidth by leave-one-out cross-validation."""
    answer, fits = {}, {}
    for order in orders:
        degree = degree_for(order)
        if degree not in fits:
            fits[degree] = best_local_fit(times, samples, degree)
        answer[order] = fits[degree][order] * math.factorial(order)
    return answer


def best_local_fit(times, samples, degree):
    """Coefficients [degree + 1, n] of the local polynomials, by powers of time."""
    step, best = times[1] - times[0], (math.inf, None)
    for bandwidth in BANDWIDTHS:
        half = bandwidth + degree / 2
        if 2 * half > len(samples):
            break
        coefficients, own = local_fit(samples, half, degree)
        error = float(np.mean(((samples - coefficients[0]) / np.maximum(1 - own, 1e-3)) ** 2))
        if error < best[0]:
            best = (error, coefficients)
    return best[1] / step ** np.arange(degree + 1)[:, None]


def local_fit(samples, half, degree):
    """Coefficients [degree + 1, n] in units of the sample distance, and each sample's share in its own fit [n]."""
    n, reach = len(samples), math.ceil(half)
    count = min(n, 2 * reach + 1)
    coefficients, own, known = np.empty((degree + 1, n)), np.empty(n), {}
    for place in range(n):
        start = min(max(place - reach, 0), n - count)
        shift = start - place
        if shift not in known:
            offsets = np.arange(shift, shift + count, dtype=float)
            # At the ends the window is as wide, so that it holds as many points: it only reaches further to one side.
            widest = max(half, np.abs(offsets).max())
            root = np.sqrt((1 - (np.abs(offsets) / (widest + 0.5)) ** 3) ** 3)
            basis = np.vander(offsets / widest, degree + 1, increasing=True)
            orthogonal, triangle = np.linalg.qr(root[:, None] * basis)
            known[shift] = solve_triangular(triangle, orthogonal.T * root) / widest ** np.arange(degree + 1)[:, None]
        coefficients[:, place] = known[shift] @ samples[start : start + count]
        own[place] = known[shift][0, -shift]
    return coefficients, own
