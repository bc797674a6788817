"""Takes over results that are kept as documents, `<layer>_tol<tolerance>_results.json`. Standard library only.

Reads {"files": [...]} from standard input, prints {"results", "refused"}; see docs/formats.md. A document counts only if
everything in it agrees: what cannot be checked is refused with a sentence.
"""

import json
import sys
from pathlib import Path

from experiments import BY_NAME, TOLERANCES, index_of
from report import document, file_name

OF_DOCUMENT_ONLY = ("group", "input_shape")
OF_LAYERS = {"layer", "tolerance", "dataSeed", "scales", "repeats"}
OF_NETWORKS = OF_LAYERS | {"epochs", "images", "testImages"}
OF_PROOFS = ("proof_time_mean", "proof_time", "ezkl_input_scale", "pk_size_kb", "proof_valid")


class Refused(Exception):
    """Why a document does not count, to be read behind its name."""


def read(path):
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as problem:
        raise Refused(f"it cannot be read ({problem.strerror}).") from None
    except ValueError:
        raise Refused("it is cut off or damaged: no JSON.") from None
    if not isinstance(found, dict) or not isinstance(found.get("model_name"), str):
        raise Refused("it is no result of this study: it names no layer.")
    return found


def check_origin(found):
    name = found["model_name"]
    if name not in BY_NAME:
        raise Refused(f"{name} is none of the {len(BY_NAME)} layers and networks of this study.")
    if found.get("status") != "success":
        raise Refused(f"it tells of a failure: {str(found.get('error') or found.get('status'))[:200]}.")
    if "scales" not in found and any(key in found for key in OF_PROOFS):
        raise Refused(
            "it holds the times of a proof, and no errors by scale, so it cannot stand for an experiment here."
            " The option proofs shows its numbers beside the results."
        )


def parameters_of(found):
    """The parameters of the experiment, all of them and no others."""
    config = found.get("experimental_config")
    if not isinstance(config, dict):
        raise Refused("it does not say with which parameters it was made.")
    parameters = {key: value for key, value in config.items() if key not in OF_DOCUMENT_ONLY}
    layer = BY_NAME[found["model_name"]]
    wanted = OF_NETWORKS if layer.kind == "network" else OF_LAYERS
    if set(parameters) != wanted:
        odd = ", ".join(sorted(set(parameters) ^ wanted))
        raise Refused(f"its parameters are not those of {layer.name} (see {odd}).")
    if (parameters["layer"], parameters["tolerance"]) != (layer.name, found.get("tolerance")) or parameters["tolerance"] not in TOLERANCES:
        raise Refused("its layer and tolerance contradict each other.")
    return parameters


def check_rows(found, parameters):
    """What follows from the rows must be what the document says."""
    rows = found["scales"]
    try:
        first, last = parameters["scales"]
        if [row["scale"] for row in rows] != list(range(first, last + 1)):
            raise Refused(f"it lacks scales: {first} to {last} are expected.")
        # Errors are rounded: one that lies on the tolerance may have been on either side of it.
        clear = [row for row in rows if abs(row["maxErrorPercent"] - parameters["tolerance"]) > 1e-5]
        if any(row["withinTolerance"] != (row["maxErrorPercent"] <= parameters["tolerance"]) for row in clear):
            raise Refused("its errors and its tolerance contradict each other.")
        again = document(parameters, rows)
    except (KeyError, TypeError, ValueError):
        raise Refused("its rows are damaged.") from None
    if any(found.get(key) != again[key] for key in ("minimum_scale", "num_constraints_proxy", "mapped_scale_max_error_percent")):
        raise Refused("its summary does not follow from its rows; it was changed.")


def adopted(path):
    found = read(path)
    check_origin(found)
    parameters = parameters_of(found)
    if Path(path).name != file_name(parameters["layer"], parameters["tolerance"]):
        raise Refused(f"its name says something else than its content, {parameters['layer']} at {parameters['tolerance']:g} %.")
    check_rows(found, parameters)
    run = found.get("run")
    if not isinstance(run, dict) or set(run) != {"device", "threads", "started_at", "seconds", "versions"}:
        raise Refused("it does not say on which device and when it was made.")
    summary = {"minimum scale": found["minimum_scale"]}
    if "float_accuracy" in found:
        summary |= {"accuracy, float": found["float_accuracy"], "accuracy, fixed": found["fixed_accuracy"]}
    peak = found.get("peak_memory_mb")
    return {
        "index": index_of(parameters["layer"], parameters["tolerance"]),
        "name": f"{parameters['layer']} ({parameters['tolerance']:g} %)",
        "parameters": parameters,
        "batchSeed": parameters["dataSeed"],
        "device": run["device"],
        "threads": run["threads"],
        "startedAt": run["started_at"],
        "seconds": run["seconds"],
        "rows": found["scales"],
        "summary": summary,
        "versions": run["versions"],
        "peakMemoryBytes": peak and int(peak * 2**20),
    }


def main():
    results, refused = [], []
    for path in json.load(sys.stdin)["files"]:
        try:
            results.append(adopted(path))
        except Refused as reason:
            refused.append(f"{path}: {reason}")
    json.dump({"results": results, "refused": refused}, sys.stdout)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
