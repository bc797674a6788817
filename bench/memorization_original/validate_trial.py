"""Second process of a trial: loads model and data, searches all power combinations in a loop, writes the ratios."""

import itertools
import json
import sys
from pathlib import Path

import numpy as np
import torch
from training import HIGH_WATT, LOW_WATT, NOISE_WATT, build


def sum_rate(gain, powers):
    signal = powers * np.diagonal(gain)
    interference = np.maximum(powers @ gain - signal, 0.0)
    return np.log2(1.0 + signal / (interference + NOISE_WATT)).sum()


def full_search(gain, levels):
    best = 0.0
    for powers in itertools.product(levels, repeat=len(gain)):
        best = max(best, sum_rate(gain, np.array(powers)))
    return best


def main(folder):
    torch.set_num_threads(1)
    trial = json.loads((folder / "trial.json").read_text())
    data = np.load(trial["data"])
    inputs, gains = data["inputs"][trial["samples"]], data["gains"][trial["samples"]]
    model = build(trial["hidden"], inputs.shape[1], gains.shape[1], trial["batch_norm"])
    model.load_state_dict(torch.load(folder / "model.pt"))
    model.eval()
    with torch.no_grad():
        powers = LOW_WATT + (HIGH_WATT - LOW_WATT) * model(torch.from_numpy(inputs)).numpy().astype(np.float64)
    levels = [LOW_WATT, HIGH_WATT / 10**0.6, HIGH_WATT / 10**0.3, HIGH_WATT]
    ratios = [float(sum_rate(gain, power) / full_search(gain, levels)) for gain, power in zip(gains, powers)]
    (folder / "ratios.json").write_text(json.dumps(ratios))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
