"""The name of a process beyond its pid."""
import os
import subprocess
import sys
import time

import pytest
from harness import PYTHON, SUPERVISOR
from minibatch import supervisor

PS = """\
    1     0     1 Ss   Mon Nov  2 08:00:00 2026
  501     1   501 S+   Tue Nov 24 11:22:33 2026
  502   501   501 Z    Tue Nov 24 11:22:34 2026
garbage
"""


def printed(pid):
    return subprocess.run(PYTHON + [str(SUPERVISOR), "--start-token", str(pid)], stdout=subprocess.PIPE, timeout=20)


def test_token_is_stable_and_printed():
    token = supervisor.start_token(os.getpid())
    answer = printed(os.getpid())
    assert (answer.returncode, answer.stdout.decode()) == (0, token + "\n")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux form")
def test_linux_form():
    name, boot, ticks = supervisor.start_token(os.getpid()).split(":")
    assert name == "linux" and len(boot) == 36 and ticks.isdigit()


def test_processes_started_apart_differ():
    first = subprocess.Popen(["sleep", "60"])
    time.sleep(0.02)  # two clock ticks: the resolution of a token
    second = subprocess.Popen(["sleep", "60"])
    try:
        assert supervisor.start_token(first.pid) != supervisor.start_token(second.pid)
    finally:
        for process in (first, second):
            process.kill()
            process.wait()


def test_no_token_for_the_dead_and_the_zombie():
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert supervisor.start_token(child) is None  # a zombie
    os.waitpid(child, 0)
    assert supervisor.start_token(child) is None
    assert printed(child).returncode == 1


def test_a_name_with_brackets_and_blanks_is_parsed(tmp_path):
    link = tmp_path / "a) b (c"
    link.symlink_to("/bin/sleep")
    process = subprocess.Popen([str(link), "60"])
    try:
        assert supervisor.start_token(process.pid).split(":")[2].isdigit()
    finally:
        process.kill()
        process.wait()


def test_the_listing_of_a_mac_is_parsed():
    assert supervisor.parse_ps(PS) == {
        1: (0, 1, 0, "Mon Nov  2 08:00:00 2026"),
        501: (1, 501, 0, "Tue Nov 24 11:22:33 2026"),
    }


def test_the_tree_of_a_mac_is_walked(monkeypatch):
    """No session ids and no adoption there: parents, the group, and what was seen before."""
    own = os.getpid()
    table = {
        own: (1, own, 0, "a"), 10: (own, 10, 0, "b"), 11: (10, 10, 0, "c"), 12: (11, 12, 0, "d"), 13: (12, 13, 0, "e"),
        20: (own, 20, 0, "f"), 99: (1, 99, 0, "g"),
    }
    monkeypatch.setattr(supervisor, "DARWIN", True)
    monkeypatch.setattr(supervisor, "list_processes", lambda: dict(table))
    tree = supervisor.Tree(10)
    tree.helpers.add(20)
    assert tree.members() == [10, 11, 12, 13]
    del table[10], table[11]
    tree.root_alive = False
    table[12], table[13] = (1, 12, 0, "d"), (12, 13, 0, "e")
    assert tree.members() == [12, 13]  # an orphan in a session of its own is still known
    table[12] = (1, 12, 0, "another start")
    del table[13]
    assert tree.members() == []  # the pid went to a stranger
    table[10] = (1, 10, 0, "z")
    assert tree.members() == []  # and so did the root's


@pytest.mark.skipif(not os.path.exists("/bin/ps"), reason="no ps")
def test_ps_itself_is_run_and_parsed(monkeypatch):
    entry = supervisor.parse_ps(supervisor.run_ps(["-p", str(os.getpid())]))[os.getpid()]
    assert entry[0] == os.getppid() and len(entry[3].split()) == 5
