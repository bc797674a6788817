"""Parameters of an experiment as `describe.py` writes them, read back."""

from experiments import SHAPES
from game_data import DataSpec
from training import Recipe


def data_spec(data):
    return DataSpec(data["board"], data["games"], data["completions"], float(data["temperature"]), data["seed"])


def shape_of(parameters):
    return SHAPES[parameters["network"]]


def recipe_of(parameters):
    return Recipe(
        learning_rate=float(parameters["learningRate"]),
        dropout=float(parameters["dropout"]),
        weight_decay=float(parameters["weightDecay"]),
        policy_weight=float(parameters["policyWeight"]),
        value_weight=float(parameters["valueWeight"]),
        epochs=parameters["epochs"],
        batch_size=parameters["batchSize"],
        patience=parameters["patience"],
        min_delta=float(parameters["minDelta"]),
        augmentation=parameters["augmentation"],
        mixed_precision=parameters["mixedPrecision"],
        seed=parameters["data"]["seed"],
    )
