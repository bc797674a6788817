"""How a run starts and ends, and what is recorded of it."""
import json
import os
import signal
import stat
import subprocess
import time

import pytest
from harness import PYTHON, SUPERVISOR, alive, process_state, wait_for, write_run


def test_exit_code_and_output_are_recorded(supervise):
    run = supervise("print('to the log'); raise SystemExit(3)")
    status = run.wait()
    assert (status["state"], status["exitCode"], status["signal"], status["stopReason"]) == ("exited", 3, None, None)
    assert run.code == 3
    assert run.log() == b"to the log\r\n"
    wait_for(lambda: run.output == run.log(), "the same bytes on the terminal")
    assert status["startedAt"] <= status["endedAt"] and status["seconds"] >= 0
    assert status["cpuSeconds"] > 0 and status["caffeinate"] is False
    assert [name for name in os.listdir(run.folder) if "tmp" in name] == []


def test_a_run_without_a_mirror_writes_to_its_log_alone(supervise):
    run = supervise("print('to the log')", mirror=False)
    run.wait()
    assert (run.log(), run.output) == (b"to the log\r\n", b"")


def test_a_silent_run_ends_normally(supervise):
    run = supervise("pass")
    assert run.wait()["exitCode"] == 0
    assert run.log() == b""


def test_death_by_signal_is_recorded(supervise):
    run = supervise("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    status = run.wait()
    assert (status["exitCode"], status["signal"]) == (None, "SIGKILL")
    assert run.code == 128 + 9


def test_peak_memory_is_that_of_the_training(supervise):
    status = supervise("block = bytearray(120 << 20); block[::4096] = b'x' * len(block[::4096])").wait()
    assert 120 << 20 < status["peakMemoryBytes"] < 180 << 20


def test_the_training_gets_exactly_its_environment_folder_session_and_terminal(supervise, tmp_path):
    run = supervise(
        """
        import json, os, signal, sys
        print(json.dumps({
            "environment": dict(os.environ), "folder": os.getcwd(), "leader": os.getsid(0) == os.getpid(),
            "tty": [os.isatty(n) for n in range(3)], "foreground": os.tcgetpgrp(0) == os.getpid(),
            "interrupt": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
            "hangup": signal.getsignal(signal.SIGHUP) is signal.SIG_DFL,
            "open": [n for n in range(3, 64) if os.path.exists("/proc/self/fd/%d" % n)],
        }))
        """,
        environment={"LC_ALL": "C.UTF-8", "ONLY": "this"},
        workingFolder=str(tmp_path),
        before=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    run.wait()
    seen = json.loads(run.log())
    # An inherited ignored SIGINT would make every training deaf to a stop.
    assert seen.pop("interrupt") and seen.pop("hangup")
    assert seen == {
        "environment": {"LC_ALL": "C.UTF-8", "ONLY": "this"}, "folder": str(tmp_path), "leader": True,
        "tty": [True] * 3, "foreground": True, "open": [],
    }


@pytest.mark.parametrize("change, words", [
    ({"command": ["/no/such/python"]}, "'/no/such/python' could not be started: No such file"),
    ({"workingFolder": "/no/such/folder"}, "'/no/such/folder' cannot be entered"),
])
def test_a_command_that_cannot_be_started_is_said_so(supervise, change, words):
    run = supervise(**{"command": ["/bin/true"], **change})
    status = run.wait()
    assert (status["state"], status["stopReason"], status["exitCode"]) == ("exited", "start-failed", None)
    assert words in status["message"] and run.code == 127


def test_a_file_that_is_no_program_is_said_so(supervise, tmp_path):
    program = tmp_path / "not-executable"
    program.write_text("x")
    assert "Permission denied" in supervise(command=[str(program)]).wait()["message"]


@pytest.mark.parametrize("text, words", [
    ("{", "cannot be read"), ('{"command": []}', "command, environment"), ("7", "cannot be read"),
])
def test_an_unusable_run_file_is_said_so(supervise, tmp_path, text, words):
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "run.json").write_text(text)
    run = supervise(argv=[str(folder)])
    run.folder = folder
    status = run.wait()
    assert status["stopReason"] == "start-failed" and words in status["message"]


def test_typing_reaches_the_training_and_is_echoed_once(supervise):
    run = supervise("print('answer: ' + input())")
    run.process()
    run.type("hello\n")
    assert run.wait()["exitCode"] == 0
    assert run.log() == b"hello\r\nanswer: hello\r\n"


def test_ctrl_c_typed_into_the_terminal_interrupts_the_training(supervise):
    run = supervise("import time; print('ready'); time.sleep(60)")
    run.wait_log("ready")
    run.type("\x03")
    assert run.wait()["signal"] == "SIGINT" or run.code == 130


def test_the_window_size_follows_the_terminal(supervise):
    run = supervise(
        """
        import os, signal
        changed = []
        signal.signal(signal.SIGWINCH, lambda *_: changed.append(1))
        print('ready')
        while tuple(os.get_terminal_size(0)) != (101, 33): signal.pause()
        """,
    )
    run.wait_log("ready")
    run.resize(33, 101)
    assert run.wait()["exitCode"] == 0


def test_children_left_over_are_ended(supervise, gone):
    run = supervise(
        """
        import os, signal, time
        for ignore in (False, True):
            pid = os.fork()
            if pid == 0:
                signal.signal(signal.SIGHUP, signal.SIG_IGN)
                if ignore: signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.write(1, b'child %d\\n' % os.getpid())
                time.sleep(600)
        while open('output.log').read().count('child') < 2: time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGSEGV)
        """,
    )
    status = run.wait()
    children = [int(line.split()[1]) for line in run.log().decode().splitlines() if line.startswith("child")]
    gone(*children)
    assert status["signal"] == "SIGSEGV" and len(children) == 2


def test_a_daemon_that_left_session_and_parent_is_ended(supervise, gone):
    run = supervise(
        """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(1, b'daemon %d\\n' % os.getpid())
                time.sleep(600)
            os._exit(0)
        os.wait()
        while not open('output.log').read().startswith('daemon'): time.sleep(0.01)
        """,
    )
    assert run.wait()["exitCode"] == 0
    daemon = int(run.log().split()[1])
    gone(daemon)


def test_a_helper_that_ends_by_itself_is_given_the_time(supervise, tmp_path):
    """multiprocessing's resource tracker cleans up after its parent, deaf to SIGTERM; killed early it leaks memory."""
    run = supervise(
        """
        import os, signal, time
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(write)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.write(read and 1, b'tracking')
            os.read(read, 1)
            time.sleep(0.2)
            open('cleaned', 'w').close()
            os._exit(0)
        while b'tracking' not in open('output.log', 'rb').read(): time.sleep(0.01)
        """,
    )
    run.wait()
    assert (run.folder / "cleaned").exists()


def test_status_is_readable_at_every_moment(supervise):
    run = supervise("import time; time.sleep(0.3)")
    seen = set()
    while run.poll() is None:
        status = run.status()  # raises on a torn file
        seen.add(status["state"])
    assert {"running", "exited"} <= seen | {run.status()["state"]}
    mode = stat.S_IMODE(os.stat(run.folder / "status.json").st_mode)
    assert mode & 0o400


def test_the_run_copy_works_alone(supervise, tmp_path):
    """The supervisor is copied into the run folder: it may import nothing of the package."""
    folder = tmp_path / "alone"
    write_run(folder, ["/bin/echo", "alone"])
    copy = folder / "supervisor.py"
    copy.write_bytes(SUPERVISOR.read_bytes())
    answer = subprocess.run(
        PYTHON + [str(copy), str(folder)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=20, cwd="/"
    )
    assert (answer.returncode, answer.stdout) == (0, b"alone\r\n")
    assert not alive(json.loads((folder / "status.json").read_text())["supervisor"]["pid"])


def test_a_training_that_lets_go_of_its_terminal_is_still_watched(supervise):
    run = supervise(
        """
        import os, time
        print('bye')
        for n in range(3): os.close(n)
        time.sleep(0.3)
        terminal = os.open('/dev/tty', os.O_RDWR)
        os.write(terminal, b'again\\n' * 20000)
        os._exit(6)
        """
    )
    assert run.wait()["exitCode"] == 6 and run.log() == b"bye\r\n" + b"again\r\n" * 20000


def test_closed_standard_descriptors_are_survived(supervise):
    run = supervise("print('fine')", before=lambda: [os.close(n) for n in range(3)])
    assert run.wait()["exitCode"] == 0 and run.log() == b"fine\r\n"


def test_a_quiet_run_costs_nothing(supervise):
    """The supervisor sleeps until something happens: no polling, whatever the deadlines."""
    run = supervise("import time; print('ready'); time.sleep(600)", timeoutSeconds=3600)
    run.wait_log("ready")
    ticks = lambda: sum(map(int, open("/proc/%d/stat" % run.pid).read().rpartition(")")[2].split()[11:13]))  # noqa: E731
    switches = lambda: [line for line in open("/proc/%d/status" % run.pid) if "ctxt" in line]  # noqa: E731
    wait_for(lambda: run.status()["state"] == "running")
    wait_for(lambda: process_state(run.pid) == "S", "sleep")
    before, began = switches(), time.monotonic()
    wait_for(lambda: time.monotonic() - began > 0.5)
    assert switches() == before and ticks() < 30
