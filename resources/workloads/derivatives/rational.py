"""Rational functions by the AAA algorithm: poles from a greedy fit, residues from least squares."""

import math

import numpy as np
from scipy.linalg import eig

MOST_POINTS = 40
TIGHT = 1e-13


def greedy_fits(places, samples):
    """Support points and weights of barycentric rational functions, each with one point more: the point where the function
    before was farthest off. Also how far off it is.
    """
    rest = np.ones(len(places), dtype=bool)
    fit, support = np.full(len(places), samples.mean()), []
    for _ in range(min(MOST_POINTS, len(places) // 3)):
        worst = int(np.argmax(np.where(rest, np.abs(samples - fit), -1.0)))
        support.append(worst)
        rest[worst] = False
        cauchy = 1.0 / (places[rest][:, None] - places[support][None])
        loewner = (samples[rest][:, None] - samples[support][None]) * cauchy
        weights = np.linalg.svd(loewner, full_matrices=len(support) > rest.sum())[2][-1]
        fit = samples.copy()
        fit[rest] = (cauchy @ (weights * samples[support])) / (cauchy @ weights)
        yield places[support], weights, float(np.abs(samples - fit).max())


def poles_of(nodes, weights):
    """Where the denominator is zero: the finite eigenvalues of an arrowhead pencil."""
    size = len(nodes)
    left = np.zeros((size + 1, size + 1))
    left[0, 1:], left[1:, 0] = weights, 1.0
    left[1:, 1:] = np.diag(nodes)
    right = np.eye(size + 1)
    right[0, 0] = 0.0
    found = eig(left, right, right=False)
    return found[np.isfinite(found) & (np.abs(found) < 1e6)]


class PoleFit:
    """A line and a pole at each place of `poles`, fitted to samples at `places` in [-1, 1].

    Poles on the real line between the samples, or closer to it than a tenth of their distance, stand for noise: they are left
    out. Of each complex pair one is kept, with a complex residue.
    """

    def __init__(self, places, samples, poles):
        gap = places[1] - places[0]
        real = np.abs(poles.imag) < 1e-9
        self.places = places
        self.pairs = poles[~real & (poles.imag > 0.1 * gap)]
        self.single = poles[real & (np.abs(poles.real) > 1 + gap)].real
        matrix = self.basis(0)
        scale = np.linalg.norm(matrix, axis=0)
        self.residues = np.linalg.lstsq(matrix / scale, samples)[0] / scale
        self.misfit = float(np.sum((samples - matrix @ self.residues) ** 2))

    def basis(self, order):
        sign = (-1.0) ** order * math.factorial(order)
        places = self.places
        line = np.column_stack([np.full_like(places, float(order == 0)), places if order == 0 else np.full_like(places, float(order == 1))])
        complex_part = sign / (places[:, None] - self.pairs) ** (order + 1)
        real_part = sign / (places[:, None] - self.single) ** (order + 1)
        return np.hstack([line, complex_part.real, -complex_part.imag, real_part])

    def criterion(self):
        """Akaike's, corrected for few samples; a pole counts with its residue, so a complex pair as four numbers."""
        n, numbers = len(self.places), 3 + 4 * len(self.pairs) + 2 * len(self.single)
        if numbers >= n - 1:
            return math.inf
        return n * math.log(self.misfit / n + 1e-300) + 2 * numbers + 2 * numbers * (numbers + 1) / (n - numbers - 1)


def interval(times):
    """Times on [-1, 1], and half their length."""
    half = (times[-1] - times[0]) / 2
    return (times - times[0]) / half - 1, half


def aaa_rational(times, samples, orders):
    """As many poles as Akaike's criterion finds worth it."""
    places, half = interval(times)
    fits = (PoleFit(places, samples, poles_of(nodes, weights)) for nodes, weights, _ in greedy_fits(places, samples))
    best = min(fits, key=PoleFit.criterion)
    return {order: best.basis(order) @ best.residues / half**order for order in orders}


def aaa_tight(times, samples, orders):
    """As close to the samples as rounding allows, noise or not."""
    places, half = interval(times)
    for nodes, weights, off in greedy_fits(places, samples):
        if off <= TIGHT * np.abs(samples).max():
            break
    fit = PoleFit(places, samples, poles_of(nodes, weights))
    return {order: fit.basis(order) @ fit.residues / half**order for order in orders}
