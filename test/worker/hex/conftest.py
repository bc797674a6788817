import pytest
from workload_modules import use_workload


def pytest_make_collect_report():
    """Before each file of tests: another workload's may have been read in the meantime."""
    use_workload("hex")


use_workload("hex")

import torch  # noqa: E402

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def played(tmp_path_factory):
    """A small data set: its spec, its games, and the cache it lies in."""
    from game_data import DataSpec, load_games

    spec, cache = DataSpec(board=5, games=40, completions=24, temperature=0.02, seed=11), tmp_path_factory.mktemp("cache")
    return spec, load_games(spec, cache), cache
