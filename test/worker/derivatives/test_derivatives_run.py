import csv
import json
import os
import re
import signal
import subprocess
import sys

import numpy as np
import pytest
from derivatives_runs import (
    PARAMETERS, WORKER, WORKLOAD, alive, events, finished, result_of, rows_of, started, untimed, wait_for,
)  # fmt: skip

# One of each kind of bad method, and good ones between them.
BAD = '''
import os, signal, subprocess, sys, time
import numpy as np

def good(times, samples, orders):
    return {order: np.gradient(samples, times) if order == 1 else samples for order in orders}

def hangs(times, samples, orders):
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
    orphan = subprocess.run(
        [sys.executable, "-c",
         "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
         " stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True).pid)"], capture_output=True, text=True)
    open("pids", "w").write(f"{os.getpid()} {child.pid} {orphan.stdout.strip()} .")
    time.sleep(600)

def nan(times, samples, orders):
    return {order: np.full(len(samples), np.nan) for order in orders}

def some_nan(times, samples, orders):
    return {order: np.where(np.arange(len(samples)) % 10 == 5, np.nan, samples) for order in orders}

def short(times, samples, orders):
    return {order: samples[:-1] for order in orders}

def matrix(times, samples, orders):
    return {order: np.ones((2, 2)) for order in orders}

def complex_values(times, samples, orders):
    return {order: samples * 1j for order in orders}

def nothing(times, samples, orders):
    return None

def first_order_only(times, samples, orders):
    return {1: np.gradient(samples, times), 2: "text"}

def raises(times, samples, orders):
    raise ZeroDivisionError("on purpose")

def leaves(times, samples, orders):
    sys.exit(0)

def leaves_at_once(times, samples, orders):
    os._exit(3)

def crashes(times, samples, orders):
    os.kill(os.getpid(), signal.SIGSEGV)

def pretends(times, samples, orders):
    print('{"t": 1, "kind": "row", "row": {"nrmse": 0}}', flush=True)
    return good(times, samples, orders)

def writes_into_arguments(times, samples, orders):
    samples[:] = 0
    orders.clear()
    return {}

def random(times, samples, orders):
    return {order: samples + np.random.normal(size=len(samples)) for order in orders}

def good_at_the_end(times, samples, orders):
    return good(times, samples, orders)
'''
NAMES = [name.replace("_", "-") for name in re.findall(r"^def (\w+)", BAD, re.MULTILINE)]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An undisturbed run: its folder and what it printed."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    return folder, finished(folder, runTwice=True)


def test_a_run_gives_a_row_for_each_method_and_order(whole):
    folder, _ = whole
    rows, result = rows_of(folder), result_of(folder)
    assert result["rows"] == len(rows) == 3 * 3 + 2
    assert {row["deriv_order"] for row in rows if row["method"] == "tv-regularisation"} == {0, 1}
    for row in rows:
        assert row["state"] == "ok" and row["total_points"] == 59 and row["error"] == min(1, row["nrmse"])
        assert row["ode_system"] == "lotka_volterra" and row["noise_level"] == 1e-3 and row["trial"] == 1
    assert result["summary"]["methods"] == "4 of 4" and "partial" not in result
    assert result["summary"]["run twice"] == "all the same"


def test_a_run_says_how_it_goes_and_where_the_time_went(whole):
    folder, printed = whole
    assert [event["done"] for event in events(folder, "progress")][-1] == 4
    assert [event["name"] for event in events(folder, "checkpoint")] == [f"{done} of 4 methods" for done in range(1, 5)]
    assert {"nrmse/median", "nrmse/order0", "nrmse/order2"} <= set(events(folder, "metric")[-1]["values"])
    summary = result_of(folder)["summary"]
    parts = summary["seconds by method"]
    assert list(parts) == PARAMETERS["methods"].split(",")
    assert parts["central-difference"]["start"] > parts["whittaker"]["start"]
    for kind in ("work", "start", "overhead"):
        assert summary[f"{kind} seconds"] == pytest.approx(sum(times[kind] for times in parts.values()), abs=2e-3)
    assert "Time: " in printed and printed.count("\n") == 4 + 2


@pytest.mark.parametrize(("jobs", "threads", "expected"), [(0, 2, 2), (3, 1, 1)])
def test_inner_jobs_change_nothing_but_the_time(whole, tmp_path, own_file, jobs, threads, expected):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    slow = "import os, time\ndef who(times, samples, orders):\n    time.sleep(0.3)\n    return {0: samples * 0 + os.getpid()}\n"
    parameter = own_file(slow + slow.split("\n", 1)[1].replace("who", "who_else"), ["who", "who-else"])
    printed = finished(
        tmp_path / "run", threads=threads, jobs=jobs, methodsFile=parameter, orders=[0]
    )  # fmt: skip
    rows = rows_of(tmp_path / "run")
    # The mean of what `who` returned is the number of its process.
    processes = {row["mae"] for row in rows if row["family"] == "own"}
    assert len(processes) == min(expected, cores)
    assert ("inner jobs were asked for" in printed) == (jobs > expected)
    same = [row for row in untimed(rows) if row["family"] != "own"]
    assert same == [row for row in untimed(rows_of(whole[0])) if row["deriv_order"] == 0]


def test_each_method_fails_alone(tmp_path, own_file):
    folder = tmp_path / "run"
    began = os.times().elapsed
    printed = finished(folder, methodsFile=own_file(BAD, NAMES), methods="central-difference", methodTimeout=2, orders=[0, 1])
    assert os.times().elapsed - began < 50
    pids = [int(word) for word in (folder / "pids").read_text().split()[:3]]
    assert [pid for pid in pids if alive(pid)] == [], "a method that was ended left processes"
    states, reasons = {}, {}
    for row in rows_of(folder):
        states.setdefault(row["method"], []).append(row["state"])
        reasons.setdefault(row["method"], row.get("reason", ""))
    good = {"good", "some-nan", "pretends", "random", "good-at-the-end", "central-difference"}
    assert {name for name, found in states.items() if found == ["ok", "ok"]} == good
    assert states["hangs"] == ["timed-out"] * 2 and reasons["hangs"] == "still working after 2 s"
    assert states["first-order-only"] == ["failed", "ok"] and reasons["first-order-only"] == "returned nothing for order 0"
    expected = {
        "nan": "returned no finite value for order 0", "short": "returned 60 values for order 0, not 61",
        "matrix": "returned an array of shape (2, 2) for order 0, not 61", "complex-values": "returned complex values for order 0",
        "nothing": "TypeError: The method returned NoneType, not a dictionary from order to values.",
        "raises": "ZeroDivisionError: on purpose", "leaves": "SystemExit: 0", "leaves-at-once": "its process ended itself with exit code 3",
        "crashes": "its process was ended by SIGSEGV", "writes-into-arguments": "returned nothing for order 0",
    }  # fmt: skip
    assert {name: reasons[name] for name in expected} == expected
    assert {"nrmse", "error"}.isdisjoint(next(row for row in rows_of(folder) if row["method"] == "nan"))
    assert all(row["suspicious"] == "6 values are not finite" for row in rows_of(folder) if row["method"] == "some-nan")
    result = result_of(folder)
    assert result["summary"]["methods"] == "6 of 18" and result["partial"].startswith("12 of 18 methods failed: hangs (still working after 2 s); nan (")
    assert '"kind": "row"' in printed and result_of(folder)["rows"] == len(rows_of(folder)) == 36


def test_a_run_without_any_result_fails(tmp_path, own_file):
    printed = finished(tmp_path / "run", code=1, methodsFile=own_file(BAD, ["raises", "nan"]), methods="")
    assert "None of 2 methods gave a result (raises: ZeroDivisionError: on purpose; nan: returned no finite value for order 0)." in printed
    assert not (tmp_path / "run" / "result.json").exists()


def test_a_retry_tries_only_what_failed(tmp_path, own_file):
    code = "import os\ndef second_time(times, samples, orders):\n    if os.path.exists(%r):\n        return {order: samples for order in orders}\n    raise OSError('no')\n"
    own = own_file(code % str(tmp_path / "mended"), ["second-time"])
    course = "central-difference,whittaker"
    finished(tmp_path / "first", methodsFile=own, methods=course)
    assert result_of(tmp_path / "first")["partial"] == "1 of 3 methods failed: second-time (OSError: no)."
    (tmp_path / "mended").touch()
    printed = finished(tmp_path / "second", resume=tmp_path / "first" / "checkpoint", methodsFile=own, methods=course)
    assert "Goes on after 2 methods of the previous attempt. Tries again what failed: second-time." in printed
    assert printed.count(" · nRMSE") == 1 and "partial" not in result_of(tmp_path / "second")
    assert [row["state"] for row in rows_of(tmp_path / "second")] == ["ok"] * 9


def test_the_smoke_step_tries_every_method():
    script = [sys.executable, "-B", str(WORKER), "--smoke", "--require", "scipy", "--workload", str(WORKLOAD), "--device", "cpu"]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    broken = "import sys; sys.path[:0] = sys.argv[1:3]\nimport catalog, train\ntrain.METHODS = [catalog.Method('gone', 'f', 'nowhere', 7, 1)]\ntrain.smoke('cpu')"
    done = subprocess.run([sys.executable, "-B", "-c", broken, str(WORKLOAD), str(WORKLOAD.parents[1] / "python")], capture_output=True, text=True, timeout=60)
    assert "1 of 1 methods do not work here (gone: ModuleNotFoundError: No module named 'nowhere')." in done.stderr


def test_methods_that_differ_when_run_twice_are_found(tmp_path, own_file):
    printed = finished(tmp_path / "run", methodsFile=own_file(BAD, ["random", "good"]), methods="", runTwice=True)
    assert result_of(tmp_path / "run")["summary"]["run twice"] == "differ: random"
    assert "Every method ran twice on the same samples: differ: random." in printed


def test_a_changed_file_of_methods_is_refused(tmp_path, own_file):
    parameter = own_file(BAD, ["good"])
    (tmp_path / "own.py").write_text(BAD + "\n")
    assert "has changed since the batch was planned" in finished(tmp_path / "run", code=1, methodsFile=parameter, methods="")


SLOW = "import time\ndef slow(times, samples, orders):\n    time.sleep(0.5)\n    return {order: samples for order in orders}\nslower = slowest = slow\n"
COURSE = ["central-difference", "whittaker", "slow", "slower", "slowest"]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_resumed_run_repeats_at_most_one_method_and_ends_alike(tmp_path, own_file, how):
    own = own_file(SLOW, COURSE[2:])
    finished(tmp_path / "whole", methodsFile=own, methods=",".join(COURSE[:2]))
    first = tmp_path / "first"
    process = started(first, methodsFile=own, methods=",".join(COURSE[:2]))
    wait_for(lambda: len(events(first, "checkpoint")) == 2, "the second checkpoint")
    children = [int(pid) for pid in open(f"/proc/{process.pid}/task/{process.pid}/children").read().split()] if sys.platform == "linux" else []
    process.send_signal(how)
    assert process.wait(20) == (130 if how == signal.SIGINT else -how)
    wait_for(lambda: not any(alive(pid) for pid in children), "the end of the method's process")
    assert len(children) == (1 if sys.platform == "linux" else 0) and not (first / "result.json").exists()
    finished(tmp_path / "second", resume=first / "checkpoint", methodsFile=own, methods=",".join(COURSE[:2]))
    done = [event["text"].split(" ·")[0] for event in events(tmp_path / "second", "message") if " · nRMSE" in event["text"]]
    assert done == COURSE[2:]
    assert untimed(rows_of(tmp_path / "second")) == untimed(rows_of(tmp_path / "whole"))
    assert result_of(tmp_path / "second")["rows"] == 15


def test_a_pause_does_not_count_towards_the_time_limit(tmp_path, own_file):
    code = "import time\ndef works(times, samples, orders):\n    open('begun', 'w').close()\n    for _ in range(20):\n        time.sleep(0.05)\n    return {0: samples}\n"
    process = started(tmp_path / "run", methodsFile=own_file(code, ["works"]), methods="", orders=[0], methodTimeout=3)
    wait_for(lambda: (tmp_path / "run" / "begun").exists(), "the method's begin")
    child = int(open(f"/proc/{process.pid}/task/{process.pid}/children").read().split()[0]) if sys.platform == "linux" else None
    for pid in filter(None, (process.pid, child)):
        os.kill(pid, signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(4)
    for pid in filter(None, (process.pid, child)):
        os.kill(pid, signal.SIGCONT)
    assert process.wait(20) == 0 and rows_of(tmp_path / "run")[0]["state"] == "ok"


def test_a_process_of_a_worker_on_standby_is_used(tmp_path, own_file):
    code = (
        "import os, sys; sys.path[:0] = sys.argv[1:3]\n"
        "import train\n"
        "train.warm_up()\n"
        "from minibatch.run import Run\n"
        "print(train.WARM[0].process.pid)\n"
        "os.chdir(sys.argv[3])\n"
        "train.main(Run(sys.argv[3]))\n"
        "print(train.WARM)"
    )
    own = own_file("import os\ndef writes(times, samples, orders):\n    open('pid', 'w').write(str(os.getpid()))\n    return {0: samples}\n", ["writes"])
    folder = tmp_path / "run"
    started(folder, methods="nobody").communicate()  # writes run.json; the run itself fails
    plan = json.loads((folder / "run.json").read_text())
    (folder / "run.json").write_text(json.dumps({**plan, "parameters": {**PARAMETERS, "orders": [0], "methodsFile": own}}))
    (folder / "events.jsonl").unlink()
    script = [sys.executable, "-B", "-c", code, str(WORKLOAD), str(WORKLOAD.parents[1] / "python"), str(folder)]
    done = subprocess.run(script, capture_output=True, text=True, timeout=60)
    lines = done.stdout.strip().splitlines()
    assert lines[-1:] == ["[]"], done.stderr
    assert (folder / "pid").read_text() == lines[0]


def test_the_three_tables_follow_from_the_rows(whole, tmp_path, own_file):
    finished(tmp_path / "bad", methodsFile=own_file(BAD, ["good", "nan", "raises"]), methods="", trial=2, orders=[0, 1])
    results = [
        {"name": "a", "index": at, "parameters": PARAMETERS, "facts": {}, "folder": "", "rows": rows_of(folder)}
        for at, folder in enumerate((whole[0], tmp_path / "bad"))
    ]
    script = [sys.executable, "-B", "-I", "-S", str(WORKLOAD / "analyze.py")]
    out = tmp_path / "out"
    subprocess.run([*script, "comprehensive", str(out)], input=json.dumps({"results": results}), text=True, check=True)
    tables = {path.name: list(csv.DictReader(path.open())) for path in out.iterdir()}
    assert sorted(tables) == ["comprehensive_results.csv", "comprehensive_summary.csv", "failure_report.csv"]
    found = tables["comprehensive_results.csv"]
    assert list(found[0])[:13] == [
        "ode_system", "noise_level", "trial", "method", "category", "language", "deriv_order", "rmse", "mae", "nrmse", "timing",
        "valid_points", "total_points",
    ]  # fmt: skip
    assert len(found) == 11 + 2 and {line["trial"] for line in found} == {"1", "2"}
    central = next(line for line in tables["comprehensive_summary.csv"] if line["method"] == "central-difference" and line["deriv_order"] == "1")
    row = next(row for row in rows_of(whole[0]) if row["method"] == "central-difference" and row["deriv_order"] == 1)
    assert float(central["nrmse_mean"]) == float(central["nrmse_max"]) == row["nrmse"] and central["nrmse_std"] == "0.0"
    failures = tables["failure_report.csv"]
    assert [(line["method"], line["deriv_order"]) for line in failures] == [("nan", "0"), ("nan", "1"), ("raises", "0"), ("raises", "1")]
    assert failures[0] | {"reasons": ""} == {
        "method": "nan", "deriv_order": "0", "noise_level": "0.001", "successes": "0", "failures": "1", "failure_rate": "1.0",
        "affected_systems": "lotka_volterra", "reasons": "",
    }  # fmt: skip
    assert subprocess.run([*script, "yaml", str(out)], input="{}", text=True, capture_output=True).returncode == 2


def test_tables_hold_what_is_not_finite(tmp_path):
    base = {"ode_system": "lorenz", "noise_level": 0.1, "method": "m", "family": "f", "language": "Python", "deriv_order": 0, "state": "ok", "seconds": 1}
    rows = [{**base, "trial": trial, "rmse": value, "mae": 1, "nrmse": 2 * trial, "valid_points": 9, "total_points": 9} for trial, value in ((1, "Infinity"), (2, 3.0))]
    script = [sys.executable, "-B", "-I", "-S", str(WORKLOAD / "analyze.py"), "comprehensive", str(tmp_path)]
    subprocess.run(script, input=json.dumps({"results": [{"rows": rows}]}), text=True, check=True)
    line = next(csv.DictReader((tmp_path / "comprehensive_summary.csv").open()))
    assert line["rmse_max"] == "inf" and line["rmse_min"] == "3.0" and line["rmse_std"] == "nan"
    assert float(line["nrmse_mean"]) == 3 and float(line["nrmse_std"]) == pytest.approx(np.std([2, 4], ddof=1))
