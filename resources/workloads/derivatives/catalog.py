"""The methods, their families, and what can be said about them without running one. Standard library only."""

from dataclasses import dataclass

HIGHEST_ORDER = 7


@dataclass(frozen=True)
class Method:
    """`seconds` at 101 points on one core of a server processor of 2023, and by which power of the points it grows."""

    name: str
    family: str
    module: str
    highest: int
    seconds: float
    growth: float = 1.0

    @property
    def function(self):
        return self.name.replace("-", "_")


METHODS = (
    Method("forward-difference", "finite differences", "differences", 7, 0.002),
    Method("central-difference", "finite differences", "differences", 7, 0.002),
    Method("wide-difference", "finite differences", "differences", 7, 0.003),
    Method("savgol-fixed", "Savitzky-Golay", "local_fits", 7, 0.003),
    Method("savgol-adaptive", "Savitzky-Golay", "local_fits", 7, 0.02),
    Method("local-polynomial", "local regression", "local_fits", 7, 0.1),
    Method("quintic-spline", "splines", "splines", 5, 0.002),
    Method("spline-gcv", "splines", "splines", 3, 0.005),
    Method("butterworth", "filters", "splines", 5, 0.02),
    Method("chebyshev-fixed", "Chebyshev", "chebyshev", 7, 0.002),
    Method("chebyshev-aicc", "Chebyshev", "chebyshev", 7, 0.002),
    Method("fourier-gcv", "Fourier", "fourier", 7, 0.004),
    Method("fourier-continuation", "Fourier", "fourier", 7, 0.05, 3),
    Method("aaa-rational", "rational", "rational", 7, 0.02, 2),
    Method("aaa-tight", "rational", "rational", 7, 0.02, 2),
    Method("whittaker", "Whittaker", "whittaker", 7, 0.03, 3),
    Method("kalman-rts", "Kalman", "kalman", 7, 0.15),
    Method("tv-regularisation", "total variation", "total_variation", 1, 0.03),
    Method("gp-rbf", "Gaussian processes", "gaussian_process", 7, 0.15, 3),
    Method("gp-matern", "Gaussian processes", "gaussian_process", 7, 0.15, 3),
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
