"""What of a configuration is done: rows and times of the methods that are through. Saved after each of them."""

import json
from statistics import median

CHECKPOINT = "methods.json"
USEFUL = 0.5  # nRMSE below which a derivative is worth having
SHOWN = 5


class Course:
    def __init__(self, state=None):
        state = state or {"rows": [], "times": {}, "repeated": {}}
        self.rows, self.times, self.repeated = state["rows"], state["times"], state["repeated"]

    @property
    def done(self):
        return list(self.times)

    def add(self, outcome, rows):
        self.rows += rows
        self.times[outcome.method] = {name: round(getattr(outcome, name), 6) for name in ("work", "start", "overhead")}
        if outcome.repeated is not None:
            self.repeated[outcome.method] = outcome.repeated

    def save(self, folder):
        (folder / CHECKPOINT).write_text(json.dumps(vars(self)))

    @staticmethod
    def restored(folder):
        return Course(json.loads((folder / CHECKPOINT).read_text()))

    def ok(self, order=None):
        return [row for row in self.rows if row["state"] == "ok" and order in (None, row["deriv_order"])]

    def failures(self):
        """Reasons by method, of the methods of which at least one order failed."""
        found = {}
        for row in self.rows:
            if row["state"] != "ok":
                found.setdefault(row["method"], row["reason"])
        return found

    def answered(self):
        """Methods that gave at least one order."""
        return list(dict.fromkeys(row["method"] for row in self.ok()))

    def forget(self, names):
        """Takes methods out, so that they are tried again."""
        self.rows = [row for row in self.rows if row["method"] not in names]
        for name in set(names):
            self.times.pop(name)
            self.repeated.pop(name, None)

    def median_error(self, order=None):
        return median(row["nrmse"] for row in self.ok(order)) if self.ok(order) else None

    def suspicious(self):
        return [row for row in self.ok() if row["suspicious"]]

    def total(self, kind):
        return sum(times[kind] for times in self.times.values())

    def best_method(self):
        """The method with the least mean error over the orders, among those that gave every order."""
        errors = {}
        for row in self.ok():
            errors.setdefault(row["method"], []).append(row["error"])
        most = max(len(values) for values in errors.values())
        return min((sum(values) / most, name) for name, values in errors.items() if len(values) == most)[1]

    def summary(self, orders, methods):
        failures = self.failures()
        useful = sum(row["nrmse"] < USEFUL for row in self.ok())
        summary = {
            "median nRMSE": rounded(self.median_error()),
            "best method": self.best_method(),
            f"share below {USEFUL}": round(useful / len(self.ok()), 4),
            **{f"median nRMSE, order {order}": rounded(self.median_error(order)) for order in orders if self.ok(order)},
            "methods": f"{methods - len(failures)} of {methods}",
            "suspicious results": len(self.suspicious()),
            **{f"{kind} seconds": round(self.total(kind), 3) for kind in ("work", "start", "overhead")},
            "seconds by method": self.times,
        }
        return summary | ({"run twice": self.determinism()} if self.repeated else {})

    def determinism(self):
        """What running every method twice found."""
        differing = [name for name, same in self.repeated.items() if not same]
        return f"differ: {', '.join(differing)}" if differing else "all the same"

    def partial_sentence(self, methods):
        failures = self.failures()
        shown = [f"{name} ({reason})" for name, reason in list(failures.items())[:SHOWN]]
        more = f" and {len(failures) - SHOWN} more" if len(failures) > SHOWN else ""
        return f"{len(failures)} of {methods} methods failed: {'; '.join(shown)}{more}."

    def breakdown(self):
        """Where the time went, in words."""
        slowest = sorted(self.times, key=lambda name: -self.times[name]["work"])[:SHOWN]
        listed = ", ".join(f"{name} {self.times[name]['work']:.3f} s" for name in slowest)
        return (
            f"Time: {self.total('work'):.2f} s in methods, {self.total('start'):.2f} s starting processes,"
            f" {self.total('overhead'):.2f} s around them. Slowest: {listed}."
        )


def rounded(value):
    return float(f"{value:.6g}")
