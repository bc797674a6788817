"""The named experiments, the shapes of the networks and the numbers that losses are compared by. Standard library only."""

import math
from dataclasses import asdict, dataclass

# Losses of trainings with different weights cannot be compared. These weights are applied to all of them afterwards.
STANDARD_POLICY, STANDARD_VALUE = 0.14, 0.86
# Mean squared error of answering 1/2 to "does Blue win?".
CONSTANT_VALUE_LOSS = 0.25
PART_GAMES = 600  # games that one experiment of the first phase plays


@dataclass(frozen=True)
class Setting:
    """What the named experiments differ in."""

    name: str
    learning_rate: float = 0.001
    dropout: float = 0.1
    weight_decay: float = 1e-4
    policy_weight: float = 0.5
    value_weight: float = 0.5

    def parameters(self):
        return {camel(name): value for name, value in asdict(self).items()}


SETTINGS = (
    Setting("balanced_weights"),
    Setting("balanced_high_weight_decay", weight_decay=1e-3),
    Setting("policy_heavy", policy_weight=0.7, value_weight=0.3),
    # Lies between the two others by its name; its weights favour the value.
    Setting("policy_intermediate", policy_weight=0.33, value_weight=0.67),
    Setting("balanced_no_dropout", dropout=0.0),
    Setting("balanced_high_lr", learning_rate=0.003),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True)
class Shape:
    """A residual network: stages of two blocks with `widths` channels, of which the first of each has `strides`.

    `planes`: 2 are the stones of either colour, a third says whose turn it is. `spatial`: the policy head sees the
    whole board through two channels instead of the mean over it.
    """

    name: str
    planes: int
    widths: tuple
    strides: tuple
    spatial: bool

    @property
    def title(self):
        widths = "-".join(map(str, self.widths))
        return f"ResNet {widths}, {'spatial' if self.spatial else 'pooled'} policy, {self.planes} planes"


SHAPES = {
    "small": Shape("small", 3, (16, 32), (1, 1), True),
    "resnet18": Shape("resnet18", 2, (64, 128, 256, 512), (1, 2, 2, 2), False),
}


def parameter_count(shape, board):
    """Trainable numbers: convolutions without offsets, two for each normalised channel, two heads."""
    count, before = 9 * shape.planes * shape.widths[0] + 2 * shape.widths[0], shape.widths[0]
    for width, stride in zip(shape.widths, shape.strides, strict=True):
        count += 9 * before * width + 3 * 9 * width * width + 4 * 2 * width
        if stride != 1 or before != width:
            count += before * width + 2 * width
        before = width
    cells = board * board
    seen = 2 * cells if shape.spatial else before
    count += 2 * before + 2 if shape.spatial else 0
    return count + seen * cells + cells + before + 1


def standardised(policy, value):
    return STANDARD_POLICY * policy + STANDARD_VALUE * value


def uniform_policy_loss(board):
    """Cross entropy of giving every cell the same probability."""
    return math.log(board * board)


def camel(name):
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)
