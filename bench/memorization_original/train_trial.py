"""First of the two processes of a trial: `train_trial.py <trial folder>` loads the data, trains and saves the model."""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from training import build, start_from, train


def main(folder):
    torch.set_num_threads(1)
    trial = json.loads((folder / "trial.json").read_text())
    data = np.load(trial["data"])
    inputs = torch.from_numpy(data["inputs"][trial["samples"]])
    gains = torch.from_numpy(data["gains"][trial["samples"]]).float()
    model = build(trial["hidden"], inputs.shape[1], gains.shape[1], trial["batch_norm"])
    with np.load(folder / "weights.npz") as weights:
        start_from(model, [weights[f"arr_{index}"] for index in range(len(trial["hidden"]) + 1)])
    epochs = train(model, inputs, gains, trial["recipe"])
    torch.save(model.state_dict(), folder / "model.pt")
    print(epochs)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
