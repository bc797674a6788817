import sys
from pathlib import Path

import pytest

PACKAGE_PARENT = Path(__file__).resolve().parents[2] / "resources" / "python"
sys.path.insert(0, str(PACKAGE_PARENT))
sys.dont_write_bytecode = True

from harness import Supervised, alive  # noqa: E402


@pytest.fixture
def started():
    """Whatever a test started; it must be gone when the test ends, or it is ended here and the test fails."""
    things = []
    yield things
    for thing in things:
        thing.close()


@pytest.fixture
def supervise(started, tmp_path):
    """supervise(code, ...) starts a supervised run of a piece of Python and returns its Supervised."""

    def start(code=None, **options):
        run = Supervised(tmp_path / ("run%d" % len(started)), code, **options)
        started.append(run)
        return run

    return start


@pytest.fixture
def gone():
    """gone(pid, ...) fails the test if one of the processes still lives when the test ends."""
    pids = []
    yield lambda *more: pids.extend(more)
    assert [pid for pid in pids if alive(pid)] == []
