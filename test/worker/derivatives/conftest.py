import hashlib

import pytest
from workload_modules import use_workload


def pytest_make_collect_report():
    """Before each file of tests: another workload's may have been read in the meantime."""
    use_workload("derivatives")


use_workload("derivatives")


@pytest.fixture
def own_file(tmp_path):
    """own_file(code, names) writes a file of a person's own methods and returns the parameter that names it and them."""

    def write(code, names):
        path = tmp_path / "own.py"
        path.write_text(code)
        return {"path": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest(), "methods": names}

    return write
