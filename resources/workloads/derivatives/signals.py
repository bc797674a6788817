"""What a method gets to see: samples of a solution with noise, and the truth it is measured against."""

import hashlib
import json
from dataclasses import dataclass

import numpy as np

from systems import solve


def seed_of(*parts):
    """64 bits from the SHA-256 of what the draw depends on, never from a position in a list."""
    text = json.dumps(parts, separators=(",", ":"), sort_keys=True)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


@dataclass(frozen=True)
class Signal:
    """Times [n], noisy samples [n], exact derivatives [orders 0..highest, n], and the noise's typical size."""

    times: np.ndarray
    samples: np.ndarray
    truth: np.ndarray
    sigma: float


def make_signal(system, noise, trial, points, highest, noise_model, seed):
    """`noise` is relative: to the standard deviation of the signal (additive), or to each value (proportional).

    Methods, orders and time limits are no part of the draw: every choice of them is tried on the same samples.
    """
    times, truth = solve(system, points, highest)
    clean = truth[0]
    random = np.random.default_rng(seed_of(seed, system, float(noise), trial, points, noise_model))
    size = np.full(points, np.std(clean, ddof=1)) if noise_model == "additive" else np.abs(clean)
    samples = clean + noise * size * random.standard_normal(points)
    return Signal(times, samples, truth, float(noise * np.sqrt(np.mean(size**2))))
