"""Experiments out of choices: every combination, with a name, a budget and an estimate. Standard library only."""

import itertools
import math

from minibatch.description import BadOption
from sizes import Shape, heads_of, item_bytes, rule_parameters, state_bytes, steps_of

TITLES = {"transformer": "Transformer", "lstm": "LSTM", "standard": "standard", "mup": "muP", "original": "original muP"}
WIDTHS, RATES = "Widths", "Learning rates"
VOCABULARY, BYTES = 64, 256
MOST_EXPERIMENTS = 10_000
# Fitted to runs on one core of a server processor of 2023; measured runs replace the estimate.
WORKER_MB = 270.0
START_SECONDS = 2.2
OPERATION_SECONDS = 4e-11
STEP_SECONDS = {"transformer": 2.0e-3, "lstm": 2.5e-3}  # of a layer at 32 sequences of 64
MEETING_SECONDS = 1.5e-3  # of a step that several processes make together
MEASUREMENT_STEPS = 20  # what all measurements of a training take together, in steps


def steps_for(phase, shape, options):
    if phase == RATES:
        return options["sweep-steps"]
    if options["steps"]:
        return options["steps"]
    rule = rule_parameters(shape.architecture, shape.width, shape.vocabulary, shape.layers)
    tokens = options["tokens"] or options["tokens-per-parameter"] * rule
    return steps_of(tokens, options["batch"], options["sequence"])


def estimate(shape, steps, options):
    """Seconds with a thread for each process, and MB of all processes of a run."""
    parts, processes = options["accumulation"] or 1, options["processes"]
    each = WORKER_MB + (state_bytes(shape) + options["batch"] / max(parts, processes) * item_bytes(shape)) / 2**20
    memory = processes * each
    tokens = options["batch"] * options["sequence"]
    size = 0.25 + 0.75 * tokens / processes / 2048
    step = shape.counted_flops(tokens) / processes * OPERATION_SECONDS + shape.layers * STEP_SECONDS[shape.architecture] * size
    if processes > 1:
        step += MEETING_SECONDS
    return {"memoryMb": math.ceil(memory), "seconds": round(START_SECONDS + (steps + MEASUREMENT_STEPS) * step, 1)}


def decimal(rate):
    """0.01 as people write it, never 1e-2."""
    return f"{rate:.12f}".rstrip("0")


class Builder:
    """What differs within a study is part of a name, so no two results lie under one."""

    def __init__(self, options, seed, text, text_hash, vocabulary):
        self.options, self.seed = options, seed
        self.text, self.text_hash, self.vocabulary = text, text_hash, vocabulary
        self.experiments = []

    def grid(self, phase, folder, many, **parts):
        """`parts`: the values of each choice; `many`: those choices that a name has to tell apart."""
        if len(self.experiments) + math.prod(map(len, parts.values())) > MOST_EXPERIMENTS:
            raise BadOption(f"These options mean more than {MOST_EXPERIMENTS} experiments; give fewer widths, rates or seeds.")
        for values in itertools.product(*parts.values()):
            choice = dict(zip(parts, values, strict=True))
            if choice["parametrisation"] == "mup":
                # The deviation of its initial weights is part of the parametrisation.
                choice["initialisation"] = "fan-in"
                if choice["optimiser"] == "sgd":
                    raise BadOption("muP scales the rates of Adam and its relatives; choose another optimiser than sgd with it.")
            self.experiments.append(self.experiment(phase, folder, many, choice))

    def experiment(self, phase, folder, many, choice):
        options = self.options
        shape = Shape.of(
            choice["architecture"], choice["width"], self.vocabulary, options["sequence"],
            choice["layers"], options["head-width"], choice["activation"], options["tied"],
        )  # fmt: skip
        steps = steps_for(phase, shape, options)
        tokens = steps * options["batch"] * options["sequence"]
        label = self.label(phase, many, choice)
        return {
            "index": len(self.experiments),
            "name": label,
            "parameters": self.parameters(shape, steps, choice),
            "facts": {
                "study": "widths" if phase == WIDTHS else "rates",
                "group": folder,
                "label": label,
                "series": self.series(phase, many, choice),
                "model": self.model(phase, many, choice),
                "parameterCount": shape.parameters,
                "ruleParameters": rule_parameters(shape.architecture, shape.width, self.vocabulary, shape.layers),
                "tokens": tokens,
                "flops": shape.flops(tokens),
            },
            "estimate": estimate(shape, steps, options),
            "phase": phase,
            # How it runs and no part of what it is: the losses are those of one process.
            **({"devices": options["processes"], "orOne": True} if options["processes"] > 1 else {}),
        }

    def parameters(self, shape, steps, choice):
        options, base = self.options, self.options["base-width"]
        return {
            "architecture": shape.architecture,
            "width": shape.width,
            "layers": shape.layers,
            "heads": shape.heads,
            "headWidth": options["head-width"],
            "activation": shape.activation,
            "tied": shape.tied,
            "dropout": options["dropout"],
            "sequence": shape.sequence,
            "batch": options["batch"],
            "accumulation": options["accumulation"],
            "steps": steps,
            "learningRate": choice["rate"],
            "optimiser": choice["optimiser"],
            "weightDecay": options["weight-decay"],
            "initialisation": choice["initialisation"],
            "parametrisation": choice["parametrisation"],
            "baseWidth": base,
            "baseHeadSize": base // heads_of(base, options["head-width"]),
            "modelSeed": choice["seed"],
            "dataSeed": self.seed,
            "validationTokens": options["validation-tokens"],
            "text": self.text,
            "textHash": self.text_hash,
        }

    def kind(self, phase, many, choice):
        """Words for all but width, rate and seed."""
        first = choice["architecture"] if phase == WIDTHS else choice["parametrisation"]
        further = ("parametrisation",) if phase == WIDTHS else ()
        names = [name for name in (*further, "activation", "initialisation", "optimiser") if name in many]
        return TITLES[first], [TITLES.get(choice[name], choice[name]) for name in names]

    def series(self, phase, many, choice):
        """What a line over the size joins: models that differ in their width."""
        first, further = self.kind(phase, many, choice)
        return " ".join([first, *further, *(["lr", decimal(choice["rate"])] if "rate" in many else [])])

    def model(self, phase, many, choice):
        """What a line over the learning rate joins: trainings of one model."""
        first, further = self.kind(phase, many, choice)
        return " ".join([first, str(choice["width"]), *further])

    def label(self, phase, many, choice):
        parts = [self.model(phase, many, choice)]
        if "rate" in many:
            parts += ["lr", decimal(choice["rate"])]
        if "seed" in many:
            parts += ["seed", str(choice["seed"])]
        return " ".join(parts)


def distinct(experiments):
    """A model that ignores what others differ in would be trained twice; the first stays."""
    found = {}
    for one in experiments:
        key = tuple(sorted((name, str(value)) for name, value in one["parameters"].items()))
        if key in found:
            continue
        found[key] = {**one, "index": len(found)}
    return list(found.values())
