"""What a run leaves for figures: the answers of every method, whether it was disturbed or not."""

import csv
import signal

import numpy as np
import pytest
from derivatives_runs import PARAMETERS, events, finished, rows_of, started, wait_for
from describe import BYTES_OF_NUMBER, table_megabytes
from metrics import score

METHODS = PARAMETERS["methods"].split(",")


def table(path):
    """Columns by name."""
    with path.open(newline="") as file:
        lines = list(csv.DictReader(file))
    return {name: np.array([float(line[name]) for line in lines]) for name in lines[0]}


def files(folder):
    """Contents by name, of all that a run left in its artifacts."""
    artifacts = folder / "artifacts"
    return {str(path.relative_to(artifacts)): path.read_text() for path in artifacts.rglob("*.csv")}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An undisturbed run with so little noise that a digit too few would show."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    finished(folder, noise=1e-8)
    return folder


def test_every_error_can_be_computed_again_from_the_tables(whole):
    exact = table(whole / "artifacts" / "signal.csv")
    assert list(exact) == ["time", "sample", "exact_0", "exact_1", "exact_2"] and len(exact["time"]) == 61
    found = {name: table(whole / "artifacts" / "predictions" / f"{name}.csv") for name in METHODS}
    assert list(found["tv-regularisation"]) == ["time", "order_0", "order_1"]
    for row in rows_of(whole):
        order = row["deriv_order"]
        again = score(found[row["method"]][f"order_{order}"], exact[f"exact_{order}"])
        assert again["nrmse"] == pytest.approx(row["nrmse"], rel=1e-3), row
    assert score(exact["sample"], exact["exact_0"])["nrmse"] == pytest.approx(1e-8, rel=0.3)


BROKEN = '''
def half(times, samples, orders):
    return {0: samples, 1: samples[:-1]}

def broken(times, samples, orders):
    raise ValueError("no")
'''


def test_only_answers_that_count_are_kept(tmp_path, own_file):
    finished(tmp_path / "run", methodsFile=own_file(BROKEN, ["half", "broken"]), methods="", orders=[0, 1])
    assert sorted(files(tmp_path / "run")) == ["predictions/half.csv", "signal.csv"]
    assert list(table(tmp_path / "run" / "artifacts" / "predictions" / "half.csv")) == ["time", "order_0"]


SLOW = "import time\ndef slow(times, samples, orders):\n    time.sleep(0.4)\n    return {order: samples for order in orders}\nslower = slow\n"


def test_a_run_that_was_killed_ends_with_the_same_tables(tmp_path, own_file):
    own = own_file(SLOW, ["slow", "slower"])
    choice = {"methodsFile": own, "methods": ",".join(METHODS[:2]), "noise": 1e-8}
    first, second = tmp_path / "first", tmp_path / "second"
    process = started(first, **choice)
    wait_for(lambda: len(events(first, "checkpoint")) == 2, "the second checkpoint")
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    gone = first / "artifacts" / "predictions" / f"{METHODS[1]}.csv"
    gone.unlink()
    printed = finished(second, resume=first / "checkpoint", **choice)
    assert f"Goes on after 1 methods of the previous attempt. Repeats what has no file of answers any more: {METHODS[1]}." in printed
    finished(tmp_path / "whole", **choice)
    assert files(second) == files(tmp_path / "whole") and len(files(second)) == 5


def test_tables_take_no_more_disk_than_is_declared(whole):
    numbers = sum(values.size for path in (whole / "artifacts").rglob("*.csv") for values in table(path).values())
    assert sum(len(text) for text in files(whole).values()) < numbers * BYTES_OF_NUMBER
    assert table_megabytes(2001, 8, 20) == 7
