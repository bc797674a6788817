import hashlib
import sys
from pathlib import Path

import pytest

WORKLOAD = Path(__file__).resolve().parents[3] / "resources" / "workloads" / "derivatives"


def use_workload():
    """Puts the workload's modules first, also where another workload's tests loaded some of the same name."""
    sys.path[:] = [str(WORKLOAD), *(entry for entry in sys.path if entry != str(WORKLOAD))]
    own = {path.stem for path in WORKLOAD.glob("*.py")}
    for name in own & set(sys.modules):
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent != WORKLOAD:
            del sys.modules[name]


def pytest_make_collect_report():
    """Before each file of tests: another workload's may have been read in the meantime."""
    use_workload()


use_workload()


@pytest.fixture
def own_file(tmp_path):
    """own_file(code, names) writes a file of a person's own methods and returns the parameter that names it and them."""

    def write(code, names):
        path = tmp_path / "own.py"
        path.write_text(code)
        return {"path": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "methods": names}

    return write
