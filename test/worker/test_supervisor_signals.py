"""Stop, cancel, time limit, pause, and the death of the app."""
import os
import re
import signal
import time

import pytest
from harness import Supervised, alive, process_state, wait_for

DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); "
VERY_DEAF = DEAF + "signal.signal(signal.SIGTERM, signal.SIG_IGN); "
FOREVER = "import time; print('ready'); time.sleep(600)"
WITH_GRANDCHILD = """
import os, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    os.write(1, b'grandchild %d\\n' % os.getpid())
    time.sleep(600)
print('ready')
time.sleep(600)
"""


def grandchild(run):
    return int(wait_for(lambda: re.search(rb"grandchild (\d+)\r\n", run.log()), "the grandchild")[1])


def test_the_training_outlives_an_app_that_is_killed(supervise, tmp_path):
    """The app is a process of its own here: it holds the terminal and dies by SIGKILL."""
    script = (
        "import os, time; print('ready')\nwhile not os.path.exists('go'): time.sleep(0.01)\n"
        "for n in range(500): print(n)\nraise SystemExit(5)"
    )
    folder = tmp_path / "orphan"
    app = os.fork()
    if app == 0:
        try:
            Supervised(folder, script)
            time.sleep(60)
        finally:
            os._exit(0)
    wait_for(lambda: (folder / "output.log").exists() and b"ready" in (folder / "output.log").read_bytes(), "output")
    view = Supervised.__new__(Supervised)
    view.folder = folder
    process, keeper = view.status()["process"]["pid"], view.status()["supervisor"]["pid"]
    os.kill(app, signal.SIGKILL)
    os.waitpid(app, 0)
    assert alive(process) and alive(keeper)
    (folder / "go").touch()
    status = view.wait_state("exited")
    assert (status["exitCode"], status["signal"]) == (5, None)
    assert view.log().endswith(b"\r\n499\r\n")
    wait_for(lambda: not alive(keeper), "the supervisor's end")


def test_stop_lets_the_training_finish_its_step(supervise):
    run = supervise("import signal, sys, time\nsignal.signal(signal.SIGINT, lambda *_: sys.exit(130))\n" + FOREVER)
    run.wait_log("ready")
    run.signal(signal.SIGINT)
    status = run.wait()
    assert (status["exitCode"], status["stopReason"]) == (130, "stop")


@pytest.mark.parametrize("deafness, name", [(DEAF, "SIGTERM"), (VERY_DEAF, "SIGKILL")])
def test_stop_climbs_the_ladder(supervise, deafness, name):
    run = supervise(deafness + FOREVER, graceSeconds=0.2)
    run.wait_log("ready")
    began = time.monotonic()
    run.signal(signal.SIGINT)
    status = run.wait()
    assert (status["signal"], status["stopReason"]) == (name, "stop")
    assert time.monotonic() - began >= (0.2 if name == "SIGTERM" else 3.2)


def test_cancel_overrules_a_stop(supervise):
    run = supervise(DEAF + FOREVER, graceSeconds=600)
    run.wait_log("ready")
    run.signal(signal.SIGINT)
    wait_for(lambda: run.status()["stopReason"] == "stop")
    run.signal(signal.SIGTERM)
    status = run.wait()
    assert (status["signal"], status["stopReason"]) == ("SIGTERM", "cancel")


def test_the_time_limit_ends_the_whole_tree(supervise, gone):
    run = supervise(WITH_GRANDCHILD, timeoutSeconds=1.5, graceSeconds=0.1)
    gone(grandchild(run))
    status = run.wait()
    assert (status["signal"], status["stopReason"]) == ("SIGTERM", "timeout")
    assert 1.5 <= status["seconds"] < 5


def test_pause_stops_the_whole_tree_and_leaves_the_clock_standing(supervise, gone):
    run = supervise(WITH_GRANDCHILD, timeoutSeconds=2, graceSeconds=0.1)
    child = grandchild(run)
    gone(child)
    run.wait_log("ready")
    run.signal(signal.SIGUSR1)
    paused = run.wait_state("paused")
    wait_for(lambda: process_state(run.process()) == process_state(child) == "T", "both stopped")
    until = time.monotonic() + 2.2  # longer than the time limit
    wait_for(lambda: time.monotonic() > until)
    assert run.status() == paused and process_state(child) == "T"
    run.signal(signal.SIGUSR2)
    running = run.wait_state("running")
    assert "T" not in (process_state(child), process_state(run.process()))
    assert running["seconds"] - paused["seconds"] < 0.3
    assert run.wait()["stopReason"] == "timeout"


def test_a_paused_run_can_be_stopped(supervise):
    run = supervise("import signal, sys, time\nsignal.signal(signal.SIGINT, lambda *_: sys.exit(130))\n" + FOREVER)
    run.wait_log("ready")
    run.signal(signal.SIGUSR1)
    run.wait_state("paused")
    run.signal(signal.SIGINT)
    assert run.wait()["exitCode"] == 130


def test_hangup_is_ignored(supervise):
    run = supervise("import os, time; print('ready')\nwhile not os.path.exists('go'): time.sleep(0.01)")
    run.wait_log("ready")
    run.signal(signal.SIGHUP)
    run.signal(signal.SIGUSR2)  # handled after it: not paused, so nothing happens
    (run.folder / "go").touch()
    assert run.wait()["exitCode"] == 0
