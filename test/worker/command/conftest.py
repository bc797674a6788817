import pytest
from workload_modules import WORKLOADS, use_workload

ROOT = WORKLOADS.parents[1]


def pytest_make_collect_report():
    """Before each file of tests: another workload's may have been read in the meantime."""
    use_workload("command")


use_workload("command")


@pytest.fixture
def series():
    """A MetricSeries that remembers what it passed on, as [(step, {name: value})] in `emitted`."""
    from metric_series import MetricSeries

    emitted = []
    made = MetricSeries(lambda step, values: emitted.append((step, values)))
    made.emitted = emitted
    return made
