"""Gaussian processes: the most likely length and noise, then the exact derivatives of the posterior mean."""

import math

import numpy as np
from numpy.polynomial.hermite_e import hermeval
from numpy.polynomial.polynomial import polyder, polyval
from scipy.linalg import eigh
from scipy.optimize import minimize_scalar

# Noise variance over signal variance. Below the least one the matrix cannot be told from a singular one.
LEAST, MOST = 1e-13, 1.0
LENGTH_GRID = 9


def rbf(distances, length, order):
    """Derivative of exp(-r² / 2) by the place of the answer; r is the distance in lengths, with its sign."""
    r = distances / length
    which = np.zeros(order + 1)
    which[order] = 1.0
    return (-1.0 / length) ** order * hermeval(r, which) * np.exp(-0.5 * r * r)


def matern(distances, length, order):
    """The same for Matérn 9/2, which has eight derivatives: a polynomial times an exponential on either side of zero."""
    # (1 + a + 3a²/7 + 2a³/21 + a⁴/105) exp(-a), a = 3 |r|
    factors = np.array([1.0, 1.0, 3.0 / 7.0, 2.0 / 21.0, 1.0 / 105.0])
    for _ in range(order):
        factors = np.append(polyder(factors), 0.0) - factors
    a = 3.0 * np.abs(distances) / length
    side = np.where(distances < 0, -1.0, 1.0) ** order
    return side * (3.0 / length) ** order * polyval(a, factors) * np.exp(-a)


def fit(kernel, times, values):
    """The most likely length and noise. Returns them with the weights of the samples.

    The eigenvectors of one length give the likelihood of every noise, so that only the length costs a decomposition.
    """
    n = len(times)
    distances = times[:, None] - times[None]
    step, span = times[1] - times[0], times[-1] - times[0]
    known = {}

    def at_length(log_length):
        if log_length not in known:
            sizes, vectors = eigh(kernel(distances, math.exp(log_length), 0), driver="evd")
            sizes = np.maximum(sizes, 0.0)
            squares = (vectors.T @ values) ** 2

            def loss(log_ratio):
                spectrum = sizes + math.exp(log_ratio)
                return 0.5 * n * math.log(float(np.mean(squares / spectrum))) + 0.5 * float(np.sum(np.log(spectrum)))

            best = minimize_scalar(loss, bounds=(math.log(LEAST), math.log(MOST)), method="bounded", options={"xatol": 0.01})
            known[log_length] = (best.fun, math.exp(best.x), sizes, vectors)
        return known[log_length]

    grid = np.linspace(math.log(1.5 * step), math.log(0.5 * span), LENGTH_GRID)
    place = min(range(LENGTH_GRID), key=lambda at: at_length(grid[at])[0])
    bounds = (grid[max(place - 1, 0)], grid[min(place + 1, LENGTH_GRID - 1)])
    minimize_scalar(lambda log_length: at_length(float(log_length))[0], bounds=bounds, method="bounded", options={"xatol": 0.01, "maxiter": 12})
    log_length = min(known, key=lambda length: known[length][0])
    _, ratio, sizes, vectors = known[log_length]
    return math.exp(log_length), vectors @ ((vectors.T @ values) / (sizes + ratio))


def posterior(kernel, times, samples, orders):
    middle, spread = samples.mean(), samples.std()
    length, weights = fit(kernel, times, (samples - middle) / spread)
    distances = times[:, None] - times[None]
    return {order: spread * (kernel(distances, length, order) @ weights) + (middle if order == 0 else 0.0) for order in orders}


def gp_rbf(times, samples, orders):
    """Squared-exponential kernel; its derivatives are Hermite polynomials times the kernel."""
    return posterior(rbf, times, samples, orders)


def gp_matern(times, samples, orders):
    """Matérn 9/2: less smooth, so that sharp turns cost less."""
    return posterior(matern, times, samples, orders)
