"""Splines: quintic with a given misfit, cubic with cross-validation, and one through low-pass filtered samples."""

import numpy as np
from scipy.interpolate import UnivariateSpline, make_interp_spline, make_smoothing_spline
from scipy.signal import butter, sosfiltfilt

from noise_level import noise_of

CUTOFFS = np.geomspace(0.02, 0.9, 24)


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


def butterworth(times, samples, orders):
    """A Butterworth filter, forwards and backwards, then a quintic spline through what is left: five derivatives.

    The cutoff is the lowest one whose misfit the noise explains.
    """
    target = noise_of(samples)
    smooth = samples
    for cutoff in CUTOFFS:
        filtered = sosfiltfilt(butter(4, cutoff, output="sos"), samples, padtype="odd", padlen=min(len(samples) - 1, 30))
        if np.sqrt(np.mean((filtered - samples) ** 2)) <= target:
            smooth = filtered
            break
    spline = make_interp_spline(times, smooth, k=5)
    return {order: spline(times, nu=order) for order in orders}
