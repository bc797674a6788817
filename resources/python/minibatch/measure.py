"""Measures what each device of this interpreter's torch does: prints one JSON line.

Form: `deviceMeasure` in src/main/python/measure-devices.ts. A device that refuses says why; the others are measured all the same.
"""
import json
import os
import sys
import time

SIZE = 1024
SECONDS = 0.15


def devices(torch):
    names = ["cpu"]
    if getattr(torch.backends, "mps", None) is not None and torch.backends.mps.is_available():
        names.append("mps")
    if torch.cuda.is_available():
        names += ["cuda:%d" % index for index in range(torch.cuda.device_count())]
    return names


def synchronize(torch, device):
    if device == "mps":
        torch.mps.synchronize()
    elif device != "cpu":
        torch.cuda.synchronize(device)


def measure(torch, device):
    """Seconds of one product of two square matrices, the shortest of those that fit into a short time."""
    a = torch.rand(SIZE, SIZE, device=device)
    b = torch.rand(SIZE, SIZE, device=device)
    torch.matmul(a, b)
    synchronize(torch, device)
    best = None
    end = time.perf_counter() + SECONDS
    while best is None or time.perf_counter() < end:
        began = time.perf_counter()
        torch.matmul(a, b)
        synchronize(torch, device)
        seconds = time.perf_counter() - began
        best = seconds if best is None else min(best, seconds)
    return {"device": device, "seconds": best, "gflops": 2.0 * SIZE**3 / best / 1e9}


def main():
    answer = os.dup(1)
    os.dup2(2, 1)  # what torch prints is no part of the answer
    import torch

    found = []
    for device in devices(torch):
        try:
            found.append(measure(torch, device))
        except Exception as error:
            found.append({"device": device, "problem": "%s: %s" % (type(error).__name__, str(error).split("\n")[0])})
    os.write(answer, json.dumps({"devices": found, "threads": torch.get_num_threads()}).encode("utf-8") + b"\n")


if __name__ == "__main__":
    sys.exit(main())
