"""Numbers of real proofs, from a person's own folder of documents, beside the experiments they belong to. Standard library only.

They are facts of an experiment and no part of its identity: with or without them it is the same experiment.
"""

import os
from pathlib import Path

from adopt import Refused, read
from experiments import BY_NAME, TOLERANCES
from minibatch.description import BadOption

ENDING = "_results.json"
SHOWN = 3
# Name of the fact: keys of the document, the first that is there counts; how many of its units make one of ours.
NUMBERS = {
    "proofSeconds": (("proof_time_mean", "proof_time"), 1),
    "setupSeconds": (("setup_time",), 1),
    "verifySeconds": (("verify_time_mean", "verify_time"), 1),
    "proofSizeKb": (("proof_size_kb",), 1),
    "provingKeyMb": (("pk_size_kb",), 1024),
    "circuitRows": (("num_constraints",), 1),
    "proofScale": (("ezkl_input_scale",), 1),
}


def number(value):
    """A number, or the mean of several passes; None = neither."""
    if isinstance(value, dict):
        value = value.get("mean")
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def facts_of(path):
    """Layer and tolerance of a document, and the facts it gives."""
    found = read(path)
    key = (found["model_name"], number(found.get("tolerance")))
    if key[0] not in BY_NAME or key[1] not in TOLERANCES:
        raise Refused("it belongs to no experiment of this study.")
    if found.get("status") != "success" or found.get("proof_valid") is False:
        raise Refused("its proof failed.")
    facts = {}
    for name, (keys, units) in NUMBERS.items():
        value = next((number(found[key]) for key in keys if number(found.get(key)) is not None), None)
        if value is not None:
            facts[name] = value if units == 1 else round(value / units, 6)
    if "proofSeconds" not in facts:
        raise Refused("it tells of no proof.")
    return key, facts


def documents(folder):
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted(names) if name.endswith(ENDING))


def proofs_in(folder):
    """Facts by (layer, tolerance), and one note that says what was used and what was left out."""
    if not Path(folder).expanduser().is_dir():
        raise BadOption(f"Option proofs: there is no folder {folder}.")
    found, times, left_out = {}, {}, []
    for path in documents(Path(folder).expanduser()):
        try:
            key, facts = facts_of(path)
        except Refused as reason:
            left_out.append(f"{path.name}: {reason}")
            continue
        changed = path.stat().st_mtime
        if key in found:
            left_out.append(f"{path.name}: it is there twice, and the newer one counts.")
        if changed >= times.get(key, changed):
            found[key], times[key] = facts, changed
    if not found:
        raise BadOption(f"Option proofs: no document of a proof lies below {folder}; they are named <layer>_tol<tolerance>{ENDING}.")
    more = f" And {len(left_out) - SHOWN} more." if len(left_out) > SHOWN else ""
    without = f", {len(left_out)} left out. {' '.join(left_out[:SHOWN])}{more}" if left_out else "."
    return found, f"Proofs from {folder}: documents of {len(found)} experiments used{without}"
