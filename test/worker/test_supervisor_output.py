"""Output under bad conditions: nobody reads it, the terminal goes away, the disk is full."""
import os
import signal
import subprocess
import sys
import time

import pytest
from harness import PYTHON, SUPERVISOR, Supervised, wait_for, write_run

MEGABYTES = 52
LOUD = "import os\nblock = (b'x' * 1023 + b'\\n') * 64\nfor n in range(%d * 16): os.write(1, block)\n" % MEGABYTES


@pytest.mark.parametrize("read", [False, True])
def test_output_of_50_mb_is_complete_whether_anybody_reads_or_not(supervise, read):
    run = supervise(LOUD, read=read)
    assert run.wait(60)["exitCode"] == 0
    assert os.path.getsize(run.folder / "output.log") == MEGABYTES * 1024 * 1025  # \n became \r\n
    assert run.log().count(b"\r\n") == MEGABYTES * 1024


def test_a_terminal_that_goes_away_changes_nothing(supervise):
    run = supervise("import os\nprint('ready')\nwhile not os.path.exists('go'): pass\n" + LOUD, read=False)
    run.wait_log("ready")
    os.close(run.terminal)
    run.terminal = os.open("/dev/null", os.O_RDONLY)
    (run.folder / "go").touch()
    assert run.wait(60)["exitCode"] == 0
    assert os.path.getsize(run.folder / "output.log") == len("ready\r\n") + MEGABYTES * 1024 * 1025


def test_stdout_as_a_pipe_that_is_closed_changes_nothing(tmp_path):
    write_run(tmp_path / "piped", PYTHON + ["-c", LOUD])
    argv = PYTHON + [str(SUPERVISOR), str(tmp_path / "piped")]
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    process.stdout.read(1)
    process.stdout.close()
    assert process.wait(60) == 0
    assert os.path.getsize(tmp_path / "piped" / "output.log") == MEGABYTES * 1024 * 1025


@pytest.fixture
def tiny_disk(tmp_path):
    folder = tmp_path / "tiny"
    folder.mkdir()
    if not sys.platform.startswith("linux") or subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)], stderr=subprocess.DEVNULL
    ).returncode:
        pytest.skip("no permission to mount a small tmpfs")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_ends_no_training(tiny_disk):
    go, printed = tiny_disk.parent / "go", tiny_disk.parent / "printed"
    code = (
        "import os\nfor n in range(64): os.write(1, b'x' * 16384)\n"
        "print('printed')\nopen(%r, 'w').close()\nwhile not os.path.exists(%r): pass\nraise SystemExit(4)"
        % (str(printed), str(go))
    )
    run = Supervised(tiny_disk / "run", command=PYTHON + ["-u", "-c", code])
    try:
        wait_for(printed.exists, "the end of the output")  # the terminal may drop what nobody has read yet
        go.touch()
        status = run.wait(30)
        assert (status["exitCode"], status["state"]) == (4, "exited")
        assert "bytes of output were not saved: the disk is full" in status["message"]
        dropped = int(status["message"].split()[0])
        assert dropped + os.path.getsize(run.folder / "output.log") == 64 * 16384 + len("printed\r\n")
    finally:
        run.close()


def test_status_catches_up_when_there_is_room_again(tiny_disk):
    code = "import os\nwhile not os.path.exists('go'): pass\n"
    run = Supervised(tiny_disk / "run", command=PYTHON + ["-c", code])
    try:
        run.wait_state("running")
        filler = tiny_disk / "filler"
        try:
            filler.write_bytes(b"x" * (1 << 20))
        except OSError:
            pass
        run.signal(signal.SIGUSR1)
        began = time.monotonic()
        wait_for(lambda: time.monotonic() - began > 0.3)
        assert run.status()["state"] == "running"  # could not be written, and the old one is still whole
        filler.unlink()
        run.wait_state("paused")
    finally:
        run.close()


def test_of_an_output_without_measure_the_beginning_and_the_end_are_kept(supervise):
    run = supervise("import sys; sys.stdout.write('a' * 300_000 + 'b' * 300_000 + 'the end'); sys.exit(3)", logLimitBytes=100_000)
    assert run.wait()["exitCode"] == 3
    beginning, note, end = run.log().split(b"\r\n")
    assert beginning == b"a" * 100_000
    assert end == b"b" * (65_536 - len(b"the end")) + b"the end"
    left_out = 600_000 + len(b"the end") - 100_000 - 65_536
    assert note == b"[%d bytes are left out here: the log had reached its limit of 100000 bytes.]" % left_out


def test_an_output_within_the_limit_is_kept_whole(supervise):
    run = supervise("print('a' * 998)", logLimitBytes=1_000)
    run.wait()
    assert run.log() == b"a" * 998 + b"\r\n"
