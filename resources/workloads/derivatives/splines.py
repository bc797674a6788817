"""Splines: quintic with a given misfit, cubic with cross-validation, and one through low-pass filtered samples."""

import numpy as np
from scipy.interpolate import UnivariateSpline, make_interp_spline, make_smoothing_spline

from noise_level import noise_of

CUTOFFS = np.geomspace(0.02, 0.9, 24)  # in units of half the sampling frequency
FILTER_ORDER = 4


def quintic_spline(times, samples, orders):
    """Smoothed until the misfit is what the estimated noise explains. It has five derivatives."""
    spline = UnivariateSpline(times, samples, k=5, s=len(samples) * noise_of(samples) ** 2)
    return {order: spline(times, nu=order) for order in orders}


def spline_gcv(times, samples, orders):
    """The natural cubic smoothing spline with generalized cross-validation. It has three derivatives."""
    # The penalty of SciPy is sought on a scale that fits times of about one a sample.
    step = times[1] - times[0]
    spline = make_smoothing_spline(times / step, samples)
    return {order: spline(times / step, nu=order) / step**order for order in orders}


def low_pass(samples, cutoff):
    """A Butterworth filter, forwards and backwards: that is its squared gain without a shift, so it is applied to the spectrum.

    The samples are continued by their point reflections at both ends, which keeps value and slope.
    """
    before, after = 2 * samples[0] - samples[:0:-1], 2 * samples[-1] - samples[-2::-1]
    continued = np.concatenate([before, samples, after])
    # What is left of a slope between the two far ends would ring where the spectrum closes the circle.
    ramp = np.linspace(continued[0], continued[-1], len(continued))
    spectrum = np.fft.rfft(continued - ramp)
    gain = 1 / (1 + (np.linspace(0, 1, len(spectrum)) / cutoff) ** (2 * FILTER_ORDER))
    smooth = np.fft.irfft(spectrum * gain, len(continued)) + ramp
    return smooth[len(before) : len(before) + len(samples)]


def butterworth(times, samples, orders):
    """A low-pass filter, then a quintic spline through what is left: five derivatives.

    The cutoff is the lowest one whose misfit the noise explains.
    """
    target = noise_of(samples)
    tried = (low_pass(samples, cutoff) for cutoff in CUTOFFS)
    smooth = next((curve for curve in tried if np.sqrt(np.mean((curve - samples) ** 2)) <= target), samples)
    spline = make_interp_spline(times, smooth, k=5)
    return {order: spline(times, nu=order) for order in orders}
