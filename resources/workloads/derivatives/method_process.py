"""A process that runs methods, one after another, as it is asked to. Started by method_pool.py; ends with its parent.

    method_process.py <descriptor of a socket> <folder that holds the package minibatch>

Whatever a method prints goes to the log: requests and answers have a socket of their own.
"""

import importlib
import importlib.util
import os
import signal
import sys
import threading
import time
from multiprocessing.connection import Connection


def end_with_parent():
    """Ends this process and its group when standard input closes, even in the middle of a method. Methods get an empty
    standard input.
    """
    lifeline = os.dup(0)
    os.set_inheritable(lifeline, False)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def watch():
        while os.read(lifeline, 1):
            pass
        os.killpg(os.getpgid(0), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def load(request):
    """The method's function: from the workload, or from a person's own file."""
    if request["file"] is None:
        module = importlib.import_module(request["module"])
    else:
        name = "own_methods"
        if name not in sys.modules:
            spec = importlib.util.spec_from_file_location(name, request["file"])
            sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(sys.modules[name])
        module = sys.modules[name]
    return getattr(module, request["function"])


def plain_arrays(values, np):
    """What a method returned, as arrays that can be sent; texts say what is wrong with the others."""
    if not isinstance(values, dict):
        raise TypeError(f"The method returned {type(values).__name__}, not a dictionary from order to values.")
    arrays = {}
    for order, value in values.items():
        try:
            array = np.asarray(value)
            arrays[int(order)] = "complex values" if np.iscomplexobj(array) else np.array(array, dtype=float)
        except (TypeError, ValueError):
            arrays[int(order)] = f"{type(value).__name__} values that are no numbers"
    return arrays


def answer_to(request, np):
    from minibatch.memory import peak_resident_bytes

    began = time.perf_counter()
    answer = {"import": 0.0, "work": 0.0, "values": None, "repeated": None, "failure": None, "peak": 0}
    try:
        os.chdir(request["folder"])
        function = load(request)
        ready = time.perf_counter()
        answer["import"] = ready - began
        # Copies, so that a method that writes into its arguments changes nothing for the next one.
        values = plain_arrays(function(request["times"].copy(), request["samples"].copy(), list(request["orders"])), np)
        answer["work"] = time.perf_counter() - ready
        if request["repeat"]:
            again = plain_arrays(function(request["times"].copy(), request["samples"].copy(), list(request["orders"])), np)
            answer["repeated"] = all(np.array_equal(values[order], again.get(order), equal_nan=True) for order in values if not isinstance(values[order], str))
        answer["values"] = values
    except (Exception, SystemExit) as problem:
        answer["failure"] = f"{type(problem).__name__}: {problem}"[:500]
    answer["peak"] = peak_resident_bytes()
    return answer


def main(arguments):
    descriptor, package_parent = int(arguments[0]), arguments[1]
    # The run stops in order: its process ends this one. A key pressed in a terminal reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()
    sys.path.append(package_parent)
    from minibatch.supervisor import adopt_orphans

    adopt_orphans()  # what a method starts and leaves behind stays below this process, where it can be ended
    import numpy as np
    import scipy.interpolate  # noqa: F401 what methods would otherwise load within their own time
    import scipy.linalg  # noqa: F401
    import scipy.optimize  # noqa: F401

    connection = Connection(descriptor)
    connection.send("ready")
    while True:
        try:
            request = connection.recv()
        except EOFError:
            return
        connection.send(answer_to(request, np))


if __name__ == "__main__":
    main(sys.argv[1:])
