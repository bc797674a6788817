"""Radio scenarios: six transmitter and receiver pairs on a square, their channel gains, and what a network sees of them.

Gains are power ratios, indexed [scenario, transmitter, receiver]; powers are watts; rates are bit/s/Hz summed over
the pairs. Everything here is NumPy in float64.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from architectures import PAIRS
from minibatch.arrays import read_arrays, write_arrays

NOISE_WATT = 1e-12  # -90 dBm
MIN_DBM, MAX_DBM = -50.0, 30.0
SHADOWING_DB = 8.0
REFERENCE_LOSS_DB = 30.0
SMALLEST_DISTANCE_M = 1.0
LINK_M = (10.0, 100.0)
EXPONENTS = {"urban": 3.7, "suburban": 3.0, "rural": 2.7}


def watt(dbm):
    return 10.0 ** ((dbm - 30.0) / 10.0)


@dataclass(frozen=True)
class DataSpec:
    """What a data set depends on; its hash is the data set's name in the cache."""

    seed: int
    scenarios: int
    unseen: int
    environment: str = "rural"
    area_m: float = 1000.0
    pairs: int = PAIRS
    generator: int = 1  # raised when the same numbers would give other scenarios

    def digest(self):
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Scenarios:
    """`gains` are for training, `unseen` for the generalisation metric. Both [count, pairs, pairs]."""

    spec: DataSpec
    gains: np.ndarray
    unseen: np.ndarray


def generate_gains(spec, count, stream):
    """Gains of `count` scenarios. `stream` separates the training scenarios from the unseen ones."""
    random = np.random.default_rng([spec.seed, spec.generator, stream])
    shape = (count, spec.pairs)
    transmitter = random.uniform(0.0, spec.area_m, (*shape, 2))
    distance = random.uniform(*LINK_M, shape)
    angle = random.uniform(0.0, 2.0 * np.pi, shape)
    offset = np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=-1)
    receiver = np.clip(transmitter + offset, 0.0, spec.area_m)
    apart = np.linalg.norm(transmitter[:, :, None, :] - receiver[:, None, :, :], axis=-1)
    decibel = (
        -REFERENCE_LOSS_DB
        - 10.0 * EXPONENTS[spec.environment] * np.log10(np.maximum(apart, SMALLEST_DISTANCE_M))
        + random.normal(0.0, SHADOWING_DB, apart.shape)
    )
    return 10.0 ** (decibel / 10.0)


def cached_arrays(folder, name, make):
    """The arrays stored as `name` under `folder`, made and stored first if they are not there yet.

    Two processes may make the same file at once: both write a file of their own and the later rename wins. A file
    that cannot be read is made again.
    """
    path = Path(folder) / f"{name}.npz"
    arrays = read_arrays(path)
    if arrays is None:
        arrays = make()
        write_arrays(path, arrays)
    return arrays


def load_scenarios(spec, cache):
    """The data set of `spec`, from the cache folder or generated into it."""
    arrays = cached_arrays(
        cache,
        f"memorization-{spec.digest()[:32]}-gains",
        lambda: {"gains": generate_gains(spec, spec.scenarios, 0), "unseen": generate_gains(spec, spec.unseen, 1)},
    )
    return Scenarios(spec, arrays["gains"], arrays["unseen"])


def features_of(gains, kind):
    """What a network may read of each scenario, in dB: [count, inputs].

    `summary`: the direct gain of each pair, then the summed gain of all others into its receiver; `full`: all gains.
    """
    if kind == "full":
        return 10.0 * np.log10(gains.reshape(len(gains), gains.shape[1] * gains.shape[2]))
    direct = np.diagonal(gains, axis1=1, axis2=2)
    interference = gains.sum(axis=1) - direct
    return 10.0 * np.log10(np.concatenate([direct, np.maximum(interference, 1e-30)], axis=1))


def normalizer(gains, kind, normalization):
    """A function from gains to normalised float32 features.

    `global` uses mean and deviation of each feature over the whole training data set, not over the N samples of a
    trial: with N = 1 those would turn every input into zero and the network could learn nothing but its biases.
    """
    reference = features_of(gains, kind)
    mean, deviation = reference.mean(axis=0), reference.std(axis=0)
    deviation[deviation == 0.0] = 1.0

    def normalize(other):
        values = features_of(other, kind)
        if normalization == "global":
            values = (values - mean) / deviation
        elif normalization == "local":
            spread = values.std(axis=1, keepdims=True)
            spread[spread == 0.0] = 1.0
            values = (values - values.mean(axis=1, keepdims=True)) / spread
        return values.astype(np.float32)

    return normalize


def sum_rate(gains, powers):
    """Sum over the pairs of log2(1 + SINR). gains [..., pairs, pairs], powers [..., pairs] in watts."""
    direct = np.diagonal(gains, axis1=-2, axis2=-1)
    signal = powers * direct
    received = np.einsum("...i,...ij->...j", powers, gains)
    # Cancellation in `received - signal` can leave a tiny negative number where the interference is negligible.
    interference = np.maximum(received - signal, 0.0)
    return np.log2(1.0 + signal / (interference + NOISE_WATT)).sum(axis=-1)
