"""The nineteen network shapes of the study and what can be said about them without training. Standard library only."""

PAIRS = 6
INPUTS = {"summary": 2 * PAIRS, "full": PAIRS * PAIRS}
# Batch normalisation needs several samples: networks that see more than this many have it, smaller ones do not.
BATCH_NORM_ABOVE = 10

SHAPES = (
    ("Small", [32, 32]),
    ("Small", [64, 64]),
    ("Small", [100, 100]),
    ("Medium", [128, 128]),
    ("Medium", [200, 200]),
    ("Medium", [256, 256]),
    ("Large", [400, 400]),
    ("Large", [512, 512]),
    ("Large", [1024, 1024]),
    ("XLarge", [2048, 2048]),
    ("Deep", [128, 64, 128]),
    ("Deep", [200, 100, 200]),
    ("Deep", [256, 128, 256]),
    ("Deep", [512, 256, 512]),
    ("Deep", [1024, 512, 1024]),
    ("Very Deep", [128, 64, 32, 64, 128]),
    ("Very Deep", [200, 100, 50, 100, 200]),
    ("Very Deep", [512, 256, 128, 256, 512]),
    ("Very Deep", [1024, 512, 256, 512, 1024]),
)


def layer_sizes(hidden, features="summary"):
    """(inputs, outputs) of every linear layer."""
    widths = [INPUTS[features], *hidden, PAIRS]
    return list(zip(widths[:-1], widths[1:]))


def parameter_count(hidden, features="summary", batch_norm=False):
    """Weights and biases; with `batch_norm` also one scale and one shift for every hidden unit."""
    plain = sum(inputs * outputs + outputs for inputs, outputs in layer_sizes(hidden, features))
    return plain + (2 * sum(hidden) if batch_norm else 0)


def trials_for(target_ratios, count):
    """Trainings needed for at least `target_ratios` ratios when each gives `count` of them."""
    return -(-target_ratios // count)
