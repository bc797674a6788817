"""The rows that one method adds to a configuration's results: one for each order, also where it failed."""

import numpy as np

from metrics import score, suspicion

# Compared and drawn instead of nRMSE, which has no upper end: 1 = as bad as answering with a constant, or worse.
WORST = 1.0
DIGITS = 9


def rounded(value):
    return None if value is None else float(f"{value:.{DIGITS}g}")


def fault(values, order, points):
    """Why an order has no usable values, "" = it has."""
    if order not in values:
        return f"returned nothing for order {order}"
    array = values[order]
    if isinstance(array, str):
        return f"returned {array} for order {order}"
    if array.shape != (points,):
        shape = f"{len(array)} values" if array.ndim == 1 else f"an array of shape {array.shape}"
        return f"returned {shape} for order {order}, not {points}"
    if not np.isfinite(array[1:-1]).any():
        return f"returned no finite value for order {order}"
    return ""


def usable(outcome, orders, points):
    """The values of the orders that count, by order."""
    if outcome.reason:
        return {}
    return {order: outcome.values[order] for order in orders if not fault(outcome.values, order, points)}


def rows_of(outcome, method, orders, signal, columns):
    """`columns`: what all rows of the configuration share. `orders`: those the method is meant to give."""
    rows = []
    for order in orders:
        reason = outcome.reason or fault(outcome.values, order, len(signal.times))
        row = {
            **columns,
            "method": method.name,
            "family": method.family,
            "language": "Python",
            "deriv_order": order,
            "state": "ok" if not reason else outcome.state if outcome.state != "ok" else "failed",
            "seconds": round(outcome.work, 6),
        }
        if reason:
            row["reason"] = reason
        else:
            result = score(outcome.values[order], signal.truth[order])
            row |= {name: rounded(value) if name in ("rmse", "mae", "nrmse") else value for name, value in result.items()}
            row["error"] = rounded(min(WORST, result["nrmse"]))
            row["suspicious"] = suspicion(result, order, signal.truth[order], signal.sigma)
        rows.append(row)
    return rows
