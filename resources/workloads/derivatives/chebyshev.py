"""One Chebyshev polynomial over the whole time, fitted by least squares."""

import math

import numpy as np
from numpy.polynomial import chebyshev

FIXED_DEGREE = 20
HIGHEST_DEGREE = 60
# Equally spaced samples hold a polynomial of a higher degree only in the middle: at the ends it swings (Runge).
DEGREES_PER_ROOT = 3.0


def derivatives_of(coefficients, times, orders):
    """Values at `times` of the derivatives of a series on [-1, 1] stretched over them."""
    half = (times[-1] - times[0]) / 2
    places = (times - times[0]) / half - 1
    return {order: chebyshev.chebval(places, chebyshev.chebder(coefficients, order)) / half**order for order in orders}


def basis_for(times, degree):
    return chebyshev.chebvander(2 * (times - times[0]) / (times[-1] - times[0]) - 1, degree)


def chebyshev_fixed(times, samples, orders):
    """Degree 20 at every noise."""
    coefficients = np.linalg.lstsq(basis_for(times, FIXED_DEGREE), samples)[0]
    return derivatives_of(coefficients, times, orders)


def chebyshev_aicc(times, samples, orders):
    """The degree by Akaike's criterion, corrected for few samples."""
    n = len(samples)
    highest = min(HIGHEST_DEGREE, n // 2, int(DEGREES_PER_ROOT * math.sqrt(n)))
    # One orthogonal basis holds the fits of all degrees: each column takes its share off the misfit.
    orthogonal, triangle = np.linalg.qr(basis_for(times, highest))
    shares = orthogonal.T @ samples
    # Summed from the end, so that a misfit of 1e-16 is not a difference of two large numbers.
    rest = samples - orthogonal @ shares
    misfits = np.append(np.cumsum((shares**2)[::-1])[::-1][1:], 0.0) + rest @ rest

    def criterion(degree):
        numbers = degree + 2  # the coefficients and the noise
        return n * math.log(misfits[degree] / n + 1e-300) + 2 * numbers + 2 * numbers * (numbers + 1) / (n - numbers - 1)

    degree = min(range(3, highest + 1), key=criterion)
    coefficients = np.linalg.solve(triangle[: degree + 1, : degree + 1], shares[: degree + 1])
    return derivatives_of(coefficients, times, orders)
