"""A Kalman filter and the Rauch-Tung-Striebel smoother behind it; the state is the curve with its derivatives.

Covariances are kept as square roots: noise of 1e-8 is 1e-16 squared, which a plain covariance rounds away.
"""

import math

import numpy as np
from scipy.linalg import solve_triangular
from scipy.optimize import minimize_scalar

from noise_level import noise_of

# Derivatives in the state beyond the highest one that is asked for.
SPARE = 1
# How much wider than the samples' own differences the state before the first sample may lie.
START = 10.0
LEAST_NOISE = 1e-9


def model(size):
    """Transition [size, size] and root of the noise covariance of a curve whose derivative of order `size` is white noise,
    over one sample distance. State k is the derivative k divided by k!, so that no entry is large.
    """
    factorials = np.array([math.factorial(k) for k in range(size)], dtype=float)
    transition = np.array([[math.comb(j, i) for j in range(size)] for i in range(size)], dtype=float)
    # The white noise at s of the way adds (1 - s)^(size - 1 - k) / (size - 1 - k)! to derivative k: Gauss-Legendre points
    # integrate the products exactly, and give the root at once.
    places, weights = np.polynomial.legendre.leggauss(size)
    left = (1 - places) / 2
    powers = size - 1 - np.arange(size)
    effects = left[None] ** powers[:, None] / factorials[powers][:, None] / factorials[:, None]
    return transition, effects * np.sqrt(weights / 2) * factorials[-1]


def lower_root(matrix):
    """The lower triangular L with L Lᵀ = M Mᵀ."""
    return np.linalg.qr(matrix.T, mode="r").T


def start_root(samples, size):
    """Diagonal root of the covariance before the first sample: differences of order k are about k! times state k."""
    return np.diag([START * np.sqrt(np.mean(np.diff(samples, k) ** 2)) / math.factorial(k) for k in range(size)])


def filtered(samples, transition, noise_root, sigma):
    """For each sample: predicted mean and root, corrected mean and root. Also the negative log likelihood."""
    size = len(transition)
    mean, root = np.zeros(size), start_root(samples, size)
    steps, loss = [], 0.0
    array = np.zeros((size + 1, size + 1))
    for place, sample in enumerate(samples):
        if place:
            mean, root = transition @ mean, lower_root(np.hstack([transition @ root, noise_root]))
        array[0, 0], array[0, 1:], array[1:, 0], array[1:, 1:] = sigma, root[0], 0.0, root
        corrected = lower_root(array)
        spread = corrected[0, 0]
        error = sample - mean[0]
        steps.append((mean, root, mean + corrected[1:, 0] * (error / spread), corrected[1:, 1:]))
        mean, root = steps[-1][2:]
        loss += math.log(abs(spread)) + 0.5 * (error / spread) ** 2
    return steps, loss


def smoothed(steps, transition):
    """Means [n, size] given all samples."""
    mean = steps[-1][2]
    means = [mean]
    for (_, _, here, root), (expected, predicted, _, _) in zip(steps[-2::-1], steps[:0:-1]):
        half = solve_triangular(predicted, mean - expected, lower=True)
        mean = here + root @ (root.T @ (transition.T @ solve_triangular(predicted, half, lower=True, trans="T")))
        means.append(mean)
    return np.array(means[::-1])


def kalman_rts(times, samples, orders):
    """The noise of the samples is estimated; the noise that drives the curve is the most likely one."""
    step, spread = times[1] - times[0], samples.std()
    values, size = (samples - samples.mean()) / spread, max(orders) + 1 + SPARE
    transition, noise_root = model(size)
    sigma = max(noise_of(samples) / spread, LEAST_NOISE)

    def loss(power):
        return filtered(values, transition, 10.0**power * noise_root, sigma)[1]

    coarse = min(np.arange(-18.0, 1.0, 3.0), key=loss)
    best = minimize_scalar(loss, bounds=(coarse - 3, coarse + 3), method="bounded", options={"xatol": 0.05, "maxiter": 10})
    means = smoothed(filtered(values, transition, 10.0**best.x * noise_root, sigma)[0], transition)
    return {
        order: means[:, order] * math.factorial(order) * spread / step**order + (samples.mean() if order == 0 else 0.0) for order in orders
    }
