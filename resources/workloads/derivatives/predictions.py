"""What each method answered, as tables: figures can be drawn and errors computed without running anything again."""

import shutil

import numpy as np

SIGNAL = "signal.csv"
FOLDER = "predictions"
# Enough to compute the error of a method at the least noise again.
NUMBER = "%.12g"


def write_signal(artifacts, signal):
    """The samples that all methods saw, and the exact derivatives that they are measured against."""
    columns = {"time": signal.times, "sample": signal.samples}
    write(artifacts / SIGNAL, columns | {f"exact_{order}": values for order, values in enumerate(signal.truth)})


def write_prediction(artifacts, method, times, values):
    """`values`: by order, those that can be used. A method without any leaves no file."""
    if values:
        (artifacts / FOLDER).mkdir(exist_ok=True)
        write(path_of(artifacts, method), {"time": times} | {f"order_{order}": values[order] for order in sorted(values)})


def take_over(earlier, artifacts, methods):
    """Copies what an earlier attempt wrote. Returns the methods whose file is not there any more."""
    found = [method for method in methods if path_of(earlier, method).is_file()]
    if found:
        (artifacts / FOLDER).mkdir(exist_ok=True)
    for method in found:
        shutil.copyfile(path_of(earlier, method), path_of(artifacts, method))
    return [method for method in methods if method not in found]


def path_of(artifacts, method):
    return artifacts / FOLDER / f"{method}.csv"


def write(path, columns):
    table = np.column_stack(list(columns.values()))
    np.savetxt(path, table, fmt=NUMBER, delimiter=",", header=",".join(columns), comments="")
