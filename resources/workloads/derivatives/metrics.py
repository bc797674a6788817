"""How far an estimated derivative is from the exact one, and which results look wrong although they are numbers."""

import numpy as np

# A method whose error is this close to that of a constant answers nothing.
CONSTANT_SHARE = 0.01
DIVERGED = 1e3


def score(estimate, truth):
    """RMSE, MAE and nRMSE of one derivative; both end points are left out, and so is what is not finite.

    nRMSE is the RMSE divided by the sample standard deviation of the exact derivative on the inner points. Returns None
    for the three where no inner value is finite.
    """
    inner, exact = np.asarray(estimate, dtype=float)[1:-1], truth[1:-1]
    finite = np.isfinite(inner)
    counts = {"valid_points": int(finite.sum()), "total_points": len(exact)}
    if not finite.any():
        return {"rmse": None, "mae": None, "nrmse": None, **counts}
    # Values near the largest number overflow when squared: they are then infinitely wrong, and said to be.
    with np.errstate(over="ignore"):
        errors = inner[finite] - exact[finite]
        rmse, mae = float(np.sqrt(np.mean(errors**2))), float(np.mean(np.abs(errors)))
    return {"rmse": rmse, "mae": mae, "nrmse": rmse / float(np.std(exact, ddof=1)), **counts}


def constant_errors(truth):
    """nRMSE of the two answers that say nothing about a derivative: its mean, and zero."""
    exact = truth[1:-1]
    spread = np.std(exact, ddof=1)
    return float(np.std(exact) / spread), float(np.sqrt(np.mean(exact**2)) / spread)


def suspicion(result, order, truth, sigma):
    """Why a result deserves a second look, "" = nothing. `result` is what `score` gave, `sigma` the size of the noise."""
    nrmse = result["nrmse"]
    if nrmse is None:
        return "no finite value"
    if result["valid_points"] < result["total_points"]:
        return f"{result['total_points'] - result['valid_points']} values are not finite"
    if not nrmse < DIVERGED:
        return "diverged"
    if any(abs(nrmse - constant) <= CONSTANT_SHARE * constant for constant in constant_errors(truth)):
        return "no better than a constant"
    # n samples leave at least sigma / sqrt(n) even to one who knows all of the curve but its height.
    if order == 0 and result["rmse"] < sigma / np.sqrt(len(truth)):
        return "better than the noise allows"
    return ""
