"""Which experiments a choice of options means. Reads {"options", "seed"} from standard input; standard library only."""

import hashlib
import math
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "python"))

from experiments import BYTES, RATES, VOCABULARY, WIDTHS, Builder, distinct
from minibatch.description import BadOption, answer
from sizes import heads_of

CHOICES = {
    "activations": ("gelu", "relu", "silu", "swiglu", "tanh"),
    "initialisations": ("fan-in", "uniform", "xavier", "orthogonal", "small"),
    "optimisers": ("adamw", "adam", "lion", "sgd"),
    "parametrisations": ("standard", "mup", "original"),
    "sweep-parametrisations": ("standard", "mup", "original"),
}
LARGEST_TEXT = 256 << 20


def words(options, name):
    found = list(dict.fromkeys(word.strip() for word in options[name].split(",") if word.strip()))
    for word in found:
        if word not in CHOICES[name]:
            raise BadOption(f"Option {name} has no {word}: give some of {', '.join(CHOICES[name])}, with commas between.")
    if not found:
        raise BadOption(f"Option {name} is empty: give some of {', '.join(CHOICES[name])}.")
    return found


def rates(options, name):
    found = []
    for word in options[name].split(","):
        if not word.strip():
            continue
        try:
            rate = float(word)
        except ValueError:
            rate = math.nan
        if not 0 < rate <= 10:
            raise BadOption(f"Option {name} has no {word.strip()}: give rates above 0 and at most 10, for example 0.001,0.01.")
        found.append(rate)
    if not found:
        raise BadOption(f"Option {name} is empty: give rates, for example 0.001,0.01.")
    return list(dict.fromkeys(found))


def widths(options, name):
    for width in [options[name]] if name == "base-width" else options[name]:
        try:
            if isinstance(width, bool) or not isinstance(width, int) or not 2 <= width <= 8192:
                raise ValueError
            if name != "lstm-widths":
                heads_of(width, options["head-width"])
        except ValueError:
            raise BadOption(f"Option {name} has no {width}: give even widths from 2 to 8192, for example 32,64.") from None
    return [] if name == "base-width" else list(dict.fromkeys(options[name]))


def seeds(options):
    for seed in options["seeds"]:
        if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**31:
            raise BadOption(f"Option seeds has no {seed}: give numbers from 0 to 2147483647.")
    if not options["seeds"]:
        raise BadOption("Option seeds is empty: give at least one, for example 123.")
    return list(dict.fromkeys(options["seeds"]))


def text_of(options):
    """Path, hash and vocabulary of what is read."""
    if not options["text"].strip():
        return "", "", VOCABULARY
    path = Path(options["text"].strip()).expanduser()
    try:
        size = path.stat().st_size
        if not path.is_file() or size > LARGEST_TEXT:
            raise BadOption(f"Option text: {path} is no file of at most {LARGEST_TEXT >> 20} MB.")
        content = path.read_bytes()
    except OSError as problem:
        raise BadOption(f"Option text: {path} cannot be read ({problem.strerror}); give the path of a text file.") from None
    if size < 100 * options["sequence"]:
        raise BadOption(f"Option text: {path} has {size} bytes; at least {100 * options['sequence']} are needed for sequences of {options['sequence']}.")
    return str(path.resolve()), hashlib.sha256(content).hexdigest(), BYTES


def check_budget(options):
    given = [name for name in ("steps", "tokens", "tokens-per-parameter") if options[name]]
    if len(given) != 1:
        raise BadOption("Give exactly one of steps, tokens and tokens-per-parameter; the other two are 0.")
    parts = options["accumulation"]
    processes = options["processes"]
    if options["batch"] % processes:
        raise BadOption(f"Option processes is {processes}, which does not divide the batch of {options['batch']} into equal shares.")
    if parts and options["batch"] % parts:
        raise BadOption(f"Option accumulation is {parts}, which does not divide the batch of {options['batch']}: a step would see another batch.")


def describe(options, seed):
    widths(options, "base-width")
    check_budget(options)
    builder = Builder(options, seed, *text_of(options))
    shared = {
        "activation": words(options, "activations"),
        "initialisation": words(options, "initialisations"),
        "optimiser": words(options, "optimisers"),
        "seed": seeds(options),
    }
    learning_rates, rules = rates(options, "learning-rates"), words(options, "parametrisations")
    study = {**shared, "rate": learning_rates, "parametrisation": rules}
    many = {name for name, values in study.items() if len(values) > 1}
    folder = options["folder"].strip() or "scaling"
    layers = [options["layers"]]
    builder.grid(WIDTHS, folder, many, architecture=["transformer"], width=widths(options, "widths"), layers=layers, **study)
    if options["lstm-widths"]:
        recurrent = {**study, "activation": ["tanh"]}
        builder.grid(WIDTHS, folder, many - {"activation"}, architecture=["lstm"], width=widths(options, "lstm-widths"), layers=layers, **recurrent)
    sweep = {
        **shared,
        "rate": rates(options, "sweep-rates"),
        "parametrisation": words(options, "sweep-parametrisations"),
    }
    swept = {name for name, values in sweep.items() if len(values) > 1} | {"rate"}
    sweep_widths = widths(options, "sweep-widths")
    builder.grid(
        RATES, f"{folder}_lr_sweep", swept, architecture=["transformer"], width=sweep_widths, layers=[options["sweep-layers"]], **sweep
    )
    experiments = distinct(builder.experiments)
    if not experiments:
        raise BadOption("These options mean no experiment: give widths, lstm-widths or sweep-widths.")
    return {"experiments": experiments, "notes": notes(experiments, options)}


def notes(experiments, options):
    found = ["Parameters, tokens and FLOPs count every number that is trained, a tied embedding once."]
    rules = {one["parameters"]["parametrisation"] for one in experiments}
    smallest = min(one["parameters"]["width"] for one in experiments)
    if rules & {"mup", "original"} and options["base-width"] > min(
        one["parameters"]["width"] for one in experiments if one["parameters"]["parametrisation"] != "standard"
    ):
        found.append(f"The base width, {options['base-width']}, is wider than the smallest model; a rate is usually tuned at the smallest.")
    if "original" in rules:
        found.append("The original's formula multiplies the output by the width where muP divides; it is here to be compared, not recommended.")
    if options["processes"] > 1 and options["dropout"]:
        found.append("With dropout, several processes leave out other numbers than one would: their losses are alike, not equal.")
    if smallest < 16 and not options["layers"]:
        found.append("Below a width of 16 the rule would give no layer; such a model gets one.")
    return found


if __name__ == "__main__":
    sys.exit(answer(describe))
