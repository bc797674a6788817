"""The 40 experiments: twenty layers and networks, each at two output tolerances. Standard library only."""

from dataclasses import dataclass

TOLERANCES = (0.5, 2.0)  # per cent of the output's maximum
SCALES = (4, 14)  # first and last fixed-point scale of the study: values are multiples of 2 ** -scale

CORE, SCALING, COMPOSITE = "core_layers", "scaling_study", "composite"
GROUPS = {CORE: "Core layers", SCALING: "Scaling study", COMPOSITE: "Composite models"}


@dataclass(frozen=True)
class Layer:
    """`shape` is that of one input; `settings` what the layer is built from; `parameters` its trainable numbers."""

    name: str
    kind: str
    group: str
    shape: tuple
    settings: tuple = ()
    parameters: int = 0


def convolution(name, group, shape, outputs, stride=1, groups=1):
    weights = outputs * (shape[0] // groups) * 9 + outputs
    return Layer(name, "convolution", group, shape, (shape[0], outputs, stride, groups), weights)


def linear(name, group, inputs, outputs):
    return Layer(name, "linear", group, (inputs,), (inputs, outputs), inputs * outputs + outputs)


PLANES = (32, 64, 64)
IMAGE = (3, 32, 32)
CNN_PARAMETERS = (3 * 9 * 32 + 32) + (32 * 9 * 64 + 64) + (64 * 8 * 8 * 10 + 10)

LAYERS = (
    Layer("ReLU", "relu", CORE, (64, 64)),
    Layer("SiLU", "silu", CORE, (64, 64)),
    Layer("Tanh", "tanh", CORE, (64, 64)),
    Layer("Poly", "square", CORE, (64, 64)),
    Layer("MaxPool2d_k2", "max-pool", CORE, PLANES),
    Layer("AvgPool2d_k2", "average-pool", CORE, PLANES),
    convolution("Conv2d_k3_s1", CORE, PLANES, 64),
    convolution("Conv2d_k3_s2", CORE, PLANES, 64, stride=2),
    convolution("DepthwiseConv2d", CORE, PLANES, 32, groups=32),
    Layer("BatchNorm2d", "batch-norm", CORE, PLANES, (32,), 64),
    Layer("LayerNorm", "layer-norm", CORE, PLANES, PLANES, 2 * 32 * 64 * 64),
    linear("Dense", CORE, 256, 128),
    linear("Dense_Scaling_Small", SCALING, 128, 64),
    linear("Dense_Scaling_Large", SCALING, 1024, 512),
    convolution("Conv2d_Scaling_Small", SCALING, (16, 32, 32), 32),
    convolution("Conv2d_Scaling_Large", SCALING, (64, 128, 128), 128),
    Layer("CNN_ReLU", "network", COMPOSITE, IMAGE, ("relu", "max"), CNN_PARAMETERS),
    Layer("CNN_Poly", "network", COMPOSITE, IMAGE, ("square", "average"), CNN_PARAMETERS),
    Layer("CNN_Mixed", "network", COMPOSITE, IMAGE, ("mixed", "average"), CNN_PARAMETERS),
    Layer("CNN_Strided", "network", COMPOSITE, IMAGE, ("relu", "stride"), CNN_PARAMETERS),
)
BY_NAME = {layer.name: layer for layer in LAYERS}

# Proofs of a convolution need 50 to 100 GB for their keys, so the study that this one follows put them off.
POSTPONED = frozenset(layer.name for layer in LAYERS if layer.kind == "convolution")
# What was run side by side on three devices, in three queues of 4, 4 and 8.
REMAINING = ("LayerNorm", "Dense", "Dense_Scaling_Small", "Dense_Scaling_Large", "CNN_ReLU", "CNN_Poly", "CNN_Mixed", "CNN_Strided")


def index_of(name, tolerance):
    return len(TOLERANCES) * LAYERS.index(BY_NAME[name]) + TOLERANCES.index(tolerance)


def experiment_at(index):
    """Layer and tolerance of an index from 0 to 39."""
    layer, tolerance = divmod(index, len(TOLERANCES))
    return LAYERS[layer], TOLERANCES[tolerance]


def mapped_scale(tolerance):
    """The scale that the original study ran a tolerance at."""
    return 10 if tolerance <= 0.5 else 8 if tolerance <= 1.0 else 7
