"""Parameters of an experiment, read strictly."""

from dataclasses import dataclass

from language import Text, synthetic
from sizes import Shape


@dataclass(frozen=True)
class Settings:
    architecture: str
    width: int
    layers: int
    heads: int
    head_width: int
    activation: str
    tied: bool
    dropout: float
    sequence: int
    batch: int
    accumulation: int
    steps: int
    learning_rate: float
    optimiser: str
    weight_decay: float
    initialisation: str
    parametrisation: str
    base_width: int
    base_head_size: int
    model_seed: int
    data_seed: int
    validation_tokens: int
    text: str
    text_hash: str

    @staticmethod
    def of(parameters):
        kinds = {
            "architecture": str, "width": int, "layers": int, "heads": int, "headWidth": int, "activation": str, "tied": bool,
            "dropout": float, "sequence": int, "batch": int, "accumulation": int, "steps": int, "learningRate": float,
            "optimiser": str, "weightDecay": float, "initialisation": str, "parametrisation": str, "baseWidth": int,
            "baseHeadSize": int, "modelSeed": int, "dataSeed": int, "validationTokens": int, "text": str, "textHash": str,
        }  # fmt: skip
        parameters.only(*kinds)
        return Settings(*(parameters.require(name, kind) for name, kind in kinds.items()))

    def language(self):
        return Text(self.text, self.text_hash) if self.text else synthetic()

    def shape(self, vocabulary):
        return Shape(
            self.architecture, self.width, self.layers, self.heads, vocabulary, self.sequence, self.activation, self.tied
        )
