import pytest
from workload_modules import use_workload


def pytest_make_collect_report():
    """Before each file of tests: another workload's may have been read in the meantime."""
    use_workload("memorization")


use_workload("memorization")

import torch  # noqa: E402

from scenarios import DataSpec, load_scenarios  # noqa: E402

torch.set_num_threads(1)
torch.set_flush_denormal(True)


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def data(cache):
    return load_scenarios(DataSpec(seed=42, scenarios=200, unseen=20), cache)
