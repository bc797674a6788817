import sys
from pathlib import Path

import pytest

WORKLOAD = Path(__file__).resolve().parents[3] / "resources" / "workloads" / "hex"


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

import torch  # noqa: E402

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """A small data set: its spec, its games, and the cache it lies in."""
    from game_data import DataSpec, load_games

    spec, cache = DataSpec(board=5, games=40, completions=24, temperature=0.02, seed=11), tmp_path_factory.mktemp("cache")
    return spec, load_games(spec, cache), cache
