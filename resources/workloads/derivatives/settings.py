"""What a configuration consists of: parameters as `describe.py` writes them, read for a run."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from catalog import BY_NAME, Method, names_in

OWN_FAMILY = "own"


@dataclass(frozen=True)
class Settings:
    """Parameters as `describe.py` writes them."""

    system: str
    noise: float
    trial: int
    points: int
    orders: tuple
    methods: tuple
    noise_model: str
    limit: float
    repeat: bool
    own_file: str | None

    @staticmethod
    def of(parameters):
        own = parameters.get("methodsFile")
        if own is not None:
            check_file(own)
        named = [BY_NAME[name] for name in names_in(parameters["methods"])]
        named += [Method(name, OWN_FAMILY, "", max(parameters["orders"]), 0.0) for name in (own["methods"] if own else [])]
        return Settings(
            system=parameters["system"],
            noise=float(parameters["noise"]),
            trial=parameters["trial"],
            points=parameters["points"],
            orders=tuple(parameters["orders"]),
            methods=tuple(named),
            noise_model=parameters["noiseModel"],
            limit=float(parameters["methodTimeout"]),
            repeat=parameters["runTwice"],
            own_file=own and own["path"],
        )

    def orders_of(self, method):
        return [order for order in self.orders if order <= method.highest]

    def total(self):
        """Methods that have something to give."""
        return sum(bool(self.orders_of(method)) for method in self.methods)

    def requests(self, signal, done):
        """What the pool is asked for: the methods that are not done and have something to give."""
        for method in self.methods:
            if method.name not in done and self.orders_of(method):
                own = self.own_file if method.family == OWN_FAMILY else None
                request = {"module": method.module, "function": method.function, "file": own, "repeat": self.repeat}
                yield method.name, {**request, "times": signal.times, "samples": signal.samples, "orders": self.orders_of(method)}


def check_file(own):
    """The file of a person's own methods must be the one that was planned with."""
    try:
        found = hashlib.sha256(Path(own["path"]).read_bytes()).hexdigest()
    except OSError as problem:
        raise RuntimeError(f"The file of methods {own['path']} cannot be read: {problem.strerror}.") from problem
    if found != own["sha256"]:
        raise RuntimeError(f"The file of methods {own['path']} has changed since the batch was planned. Start a new batch.")
