"""The result document of one experiment. Standard library only: training and export both write it.

Names are those of the study that this one follows where the thing measured is the same. A proxy says so in its name,
and what only a proof could tell is listed as not measured instead of being made up.
"""

from experiments import BY_NAME, mapped_scale

NOT_MEASURED = {
    "compile_time": "no circuit is compiled",
    "setup_time": "no keys are made",
    "pk_size_kb": "no keys are made",
    "vk_size_kb": "no keys are made",
    "proof_time": "nothing is proved",
    "proof_size_kb": "nothing is proved",
    "verify_time": "nothing is proved",
    "proof_valid": "nothing is proved",
}


def file_name(layer, tolerance):
    """`LayerNorm_tol0.5_results.json`"""
    return f"{layer}_tol{float(tolerance)}_results.json"


def document(parameters, rows, measured=None):
    """`measured`: what no row holds, namely latency in seconds, peak memory, the accuracy of a network in floating point,
    and how the run was made; None = not known here.
    """
    layer, tolerance = BY_NAME[parameters["layer"]], parameters["tolerance"]
    smallest = min((row["scale"] for row in rows if row["withinTolerance"]), default=None)
    mapped = mapped_scale(tolerance)
    by_scale = {row["scale"]: row for row in rows}
    chosen = by_scale.get(smallest if smallest is not None else mapped)
    found = {
        "model_name": layer.name,
        "tolerance": tolerance,
        "tolerance_meaning": "largest output error in per cent of the output's maximum",
        "status": "success",
        "experimental_config": {**parameters, "group": layer.group, "input_shape": [1, *layer.shape]},
        "minimum_scale": smallest,
        "mapped_input_scale": mapped,
        "mapped_param_scale": mapped,
        "mapped_scale_max_error_percent": by_scale.get(mapped, {}).get("maxErrorPercent"),
        "model_parameters": layer.parameters,
        "circuit_size_proxy_log_rows": chosen and chosen["proxyLogRows"],
        "num_constraints_proxy": chosen and chosen["proxyRows"],
        "integer_bits": chosen and chosen["integerBits"],
        "accumulator_bits": chosen and chosen["accumulatorBits"],
        "scales": rows,
        "not_measured": NOT_MEASURED,
    }
    if layer.kind == "network" and chosen:
        found["fixed_accuracy"] = chosen.get("fixedAccuracy")
        found["float_accuracy"] = measured and measured["floatAccuracy"]
    if measured is not None:
        for kind, spread in measured["latency"].items():
            found |= {f"{kind}_latency_{name}_s": value for name, value in spread.items()}
        found["peak_memory_mb"] = measured["peakMemoryMb"]
        found["run"] = measured["run"]
    return found
