"""The methods, their families, and what can be said about them without running one. Standard library only."""

from dataclasses import dataclass

HIGHEST_ORDER = 7


@dataclass(frozen=True)
class Method:
    """What one call costs, measured on one core of a server processor of 2023 with all orders that the method has.

    seconds    at 251 points
    growth     power of the points by which the seconds grow, fitted up to 2001 points
    matrices   square matrices of float64, points by points, that are held at the same time
    """

    name: str
    family: str
    module: str
    highest: int
    seconds: float
    growth: float = 1.0
    matrices: float = 0.0

    @property
    def function(self):
        return self.name.replace("-", "_")


METHODS = (
    Method("forward-difference", "finite differences", "differences", 7, 0.005),
    Method("central-difference", "finite differences", "differences", 7, 0.006),
    Method("wide-difference", "finite differences", "differences", 7, 0.025, 0.3),
    Method("savgol-fixed", "Savitzky-Golay", "local_fits", 7, 0.005),
    Method("savgol-adaptive", "Savitzky-Golay", "local_fits", 7, 0.016),
    Method("local-polynomial", "local regression", "local_fits", 7, 0.12, 0.5),
    Method("quintic-spline", "splines", "splines", 5, 0.003),
    Method("spline-gcv", "splines", "splines", 3, 0.06),
    Method("butterworth", "filters", "splines", 5, 0.005),
    Method("chebyshev-fixed", "Chebyshev", "chebyshev", 7, 0.002),
    Method("chebyshev-aicc", "Chebyshev", "chebyshev", 7, 0.003),
    Method("fourier-gcv", "Fourier", "fourier", 7, 0.013, 1.9, 3.5),
    Method("fourier-continuation", "Fourier", "fourier", 7, 0.022, 1.0, 1.0),
    Method("aaa-rational", "rational", "rational", 7, 0.026),
    Method("aaa-tight", "rational", "rational", 7, 0.01),
    Method("whittaker", "Whittaker", "whittaker", 7, 0.085, 2.4, 6.0),
    Method("kalman-rts", "Kalman", "kalman", 7, 0.18, 1.1),
    Method("tv-regularisation", "total variation", "total_variation", 1, 0.02),
    Method("gp-rbf", "Gaussian processes", "gaussian_process", 7, 0.14, 2.5, 25.0),
    Method("gp-matern", "Gaussian processes", "gaussian_process", 7, 0.17, 2.5, 25.0),
    Method("constant", "baseline", "baseline", 7, 0.0001),
)
BY_NAME = {method.name: method for method in METHODS}
GROUPS = {
    "all": tuple(method.name for method in METHODS if method.family != "baseline"),
    # Twelve methods of nine families, a configuration of 251 points in about half a second.
    "quick": (
        "forward-difference", "central-difference", "savgol-fixed", "savgol-adaptive", "quintic-spline", "spline-gcv",
        "butterworth", "chebyshev-aicc", "fourier-gcv", "whittaker", "tv-regularisation", "gp-rbf",
    ),
}  # fmt: skip


def names_in(choice):
    """The methods that a run's parameter means: a group, or names with commas between."""
    return list(GROUPS.get(choice, choice.split(",") if choice else []))
