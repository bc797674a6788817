"""Looks at the interpreter that runs it: `probe.py module ...` prints one JSON line.

Form: `interpreterProbe` in src/shared/model/python.ts. Standard library only, any Python from 3.6, so that a too old one
can still say what it is. An import that ends the process is noticed by the caller.
"""
import importlib
import json
import os
import platform
import sys
import time


def import_versions(names):
    """Version by name of the modules that can be imported; "" = imported, but it does not say."""
    found = {}
    for name in names:
        try:
            found[name] = str(getattr(importlib.import_module(name), "__version__", ""))
        except BaseException as error:  # whatever a broken module raises, SystemExit included
            print("%s: %s: %s" % (name, type(error).__name__, error), file=sys.stderr)
    return found


def probe_mps(torch):
    """Facts of the Metal device, None where this torch knows nothing of it."""
    try:
        backend = torch.backends.mps
        available = bool(backend.is_available())
        recommended = int(torch.mps.recommended_max_memory()) if available else None
        return {"built": bool(backend.is_built()), "available": available, "recommendedBytes": recommended}
    except Exception as error:
        print("mps: %s" % error, file=sys.stderr)
        return None


def probe_cuda(torch):
    try:
        if not torch.cuda.is_available():
            return []
        devices = [torch.cuda.get_device_properties(index) for index in range(torch.cuda.device_count())]
        return [{"name": str(device.name), "memoryBytes": int(device.total_memory)} for device in devices]
    except Exception as error:
        print("cuda: %s" % error, file=sys.stderr)
        return []


def main(names):
    began = time.time()
    answer = os.dup(1)
    os.dup2(2, 1)  # what modules print while they are imported is no part of the answer
    modules = import_versions(names)
    torch = sys.modules.get("torch") if "torch" in modules else None
    facts = {
        "version": platform.python_version(),
        "architecture": platform.machine(),
        "prefix": sys.prefix,
        "modules": modules,
        "mps": probe_mps(torch) if torch else None,
        "cuda": probe_cuda(torch) if torch else [],
        "seconds": round(time.time() - began, 3),
    }
    os.write(answer, json.dumps(facts).encode("utf-8") + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
