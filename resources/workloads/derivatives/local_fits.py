"""Polynomials fitted to a window around every point: Savitzky-Golay, and local regression with weights that fall off."""

import math

import numpy as np
from scipy.linalg import solve_triangular

FIXED_WINDOW = 15
WINDOWS = (5, 7, 9, 11, 13, 17, 21, 27, 35, 45, 59, 75, 95)
# Degrees above the order of the derivative. Two more than needed make an even error vanish.
SPARE_DEGREES = 2
BANDWIDTHS = (1, 1.7, 2.5, 3.5, 5, 7, 10, 14, 20, 28, 40)


def degree_for(order):
    """The least odd degree with the spare ones."""
    return order + SPARE_DEGREES + (order + SPARE_DEGREES + 1) % 2


def window_fit(offsets, degree, root):
    """Matrix [degree + 1, window] from samples at `offsets` to the coefficients of their polynomial; `root` of the weights."""
    widest = np.abs(offsets).max()
    orthogonal, triangle = np.linalg.qr(root[:, None] * np.vander(offsets / widest, degree + 1, increasing=True))
    return solve_triangular(triangle, orthogonal.T * root) / widest ** np.arange(degree + 1)[:, None]


def savgol(times, samples, orders, window, degree):
    """Derivatives by order from windows of equal weight. At the ends the last whole window tells all of its points."""
    half, step = window // 2, times[1] - times[0]
    fit = window_fit(np.arange(-half, half + 1, dtype=float), degree, np.ones(window))
    windows = np.lib.stride_tricks.sliding_window_view(samples, window)
    first, last = np.polynomial.Polynomial(fit @ windows[0]), np.polynomial.Polynomial(fit @ windows[-1])
    places = np.arange(1, half + 1, dtype=float)
    answer = {}
    for order in orders:
        inner = windows @ fit[order] * math.factorial(order)
        start, end = (first.deriv(order), last.deriv(order)) if order else (first, last)
        answer[order] = np.concatenate([start(-places[::-1]), inner, end(places)]) / step**order
    return answer


def savgol_fixed(times, samples, orders):
    """A window of 15 points at every noise."""
    return {order: savgol(times, samples, [order], FIXED_WINDOW, degree_for(order))[order] for order in orders}


def own_share(window, degree):
    """Weight of the middle sample in its own fit."""
    half = window // 2
    return window_fit(np.arange(-half, half + 1, dtype=float), degree, np.ones(window))[0, half]


def savgol_adaptive(times, samples, orders):
    """The window by leave-one-out cross-validation, for each degree: more noise, wider windows."""
    chosen, answer = {}, {}
    for order in orders:
        degree = degree_for(order)
        if degree not in chosen:
            windows = [window for window in WINDOWS if degree + 2 <= window <= len(samples)]
            margin = max(windows) // 4

            def left_out_error(window, degree=degree, inner=slice(margin, -margin)):
                rest = samples - savgol(times, samples, [0], window, degree)[0]
                return np.mean(rest[inner] ** 2) / (1 - own_share(window, degree)) ** 2

            chosen[degree] = min(windows, key=left_out_error)
        answer |= savgol(times, samples, [order], chosen[degree], degree)
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
            widest = max(half, np.abs(offsets).max()) + 0.5
            known[shift] = window_fit(offsets, degree, np.sqrt((1 - (np.abs(offsets) / widest) ** 3) ** 3))
        coefficients[:, place] = known[shift] @ samples[start : start + count]
        own[place] = known[shift][0, -shift]
    return coefficients, own
