"""Three systems of differential equations, solved together with all derivatives of their solution.

A Taylor recursion gives the coefficients of the solution around a point from the equations themselves. They serve twice:
summed, they carry the solution to the next point; times k!, they are the exact derivatives there. No difference
quotient and no solver of another accuracy comes in between.
"""

import math
from dataclasses import dataclass
from typing import Callable

import numpy as np

# Coefficients of a step. At 28 a step is about as long as the distance to the nearest singularity allows.
TERMS = 28
# A step ends where the last two terms fall below this share of the solution, far below the rounding of its sum.
TOLERANCE = 1e-18


@dataclass(frozen=True)
class System:
    """`rates(coefficients, k)` gives coefficient k of every right-hand side from the coefficients 0..k [variables, terms].

    The first variable is the one that is observed.
    """

    title: str
    initial: tuple
    duration: float
    rates: Callable


def product(a, b, k):
    """Coefficient k of the product of two series."""
    return float(np.dot(a[: k + 1], b[k::-1]))


def lotka_volterra(c, k):
    x, y = c
    both = product(x, y, k)
    return 1.5 * x[k] - both, both - 3.0 * y[k]


def van_der_pol(c, k):
    x, v, square, damping = c
    # Two helpers: x², and (1 - x²) v; a helper's coefficient k needs the variables up to k only.
    square[k] = product(x, x, k)
    damping[k] = v[k] - product(square, v, k)
    return v[k], 3.0 * damping[k] - x[k]


def lorenz(c, k):
    x, y, z = c
    return 10.0 * (y[k] - x[k]), 25.0 * x[k] - product(x, z, k) - y[k], product(x, y, k) - 8.0 / 3.0 * z[k]


SYSTEMS = {
    "lotka_volterra": System("Lotka-Volterra", (1.0, 1.0), 10.0, lotka_volterra),
    "van_der_pol": System("van der Pol", (2.0, 0.0), 20.0, van_der_pol),
    "lorenz": System("Lorenz", (1.0, 1.0, 1.0), 5.0, lorenz),
}
HELPERS = {"van_der_pol": 2}


def series(name, state):
    """Taylor coefficients [variables, TERMS] of the solution through `state`."""
    system = SYSTEMS[name]
    count = len(state)
    coefficients = np.zeros((count + HELPERS.get(name, 0), TERMS))
    coefficients[:count, 0] = state
    for k in range(TERMS - 1):
        rates = system.rates(coefficients, k)
        for variable in range(count):
            coefficients[variable, k + 1] = rates[variable] / (k + 1)
    return coefficients[:count]


def step_length(coefficients):
    """How far the series may be summed."""
    size = max(1e-300, float(np.abs(coefficients[:, 0]).max()))
    lengths = [
        (TOLERANCE * size / biggest) ** (1.0 / k)
        for k in (TERMS - 2, TERMS - 1)
        if (biggest := float(np.abs(coefficients[:, k]).max())) > 0
    ]
    return min(lengths, default=math.inf)


def solve(name, points, highest):
    """Times [points], equally spaced, and the exact derivatives [highest + 1, points] of the observed variable."""
    system = SYSTEMS[name]
    times = np.linspace(0.0, system.duration, points)
    factorials = np.array([math.factorial(order) for order in range(highest + 1)], dtype=float)
    derivatives = np.empty((highest + 1, points))
    state, now = np.array(system.initial), 0.0
    powers = np.arange(TERMS)
    for place, target in enumerate(times):
        while True:
            coefficients = series(name, state)
            rest = target - now
            if rest <= 0:
                break
            # Near the end of a step the rest is taken whole: a sliver would cost as much as a step.
            length = min(rest, step_length(coefficients))
            state, now = coefficients @ (length**powers), (target if length == rest else now + length)
        derivatives[:, place] = coefficients[0, : highest + 1] * factorials
    return times, derivatives
