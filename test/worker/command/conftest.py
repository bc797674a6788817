import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
WORKLOAD = ROOT / "resources" / "workloads" / "command"


def use_workload():
    """Puts the workload's modules first, also where another workload's tests loaded some of the same name."""
    sys.path.insert(0, str(WORKLOAD))
    own = {path.stem for path in WORKLOAD.glob("*.py")}
    for name in own & set(sys.modules):
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent != WORKLOAD:
            del sys.modules[name]


use_workload()


@pytest.fixture
def series():
    """A MetricSeries that remembers what it passed on, as [(step, {name: value})] in `emitted`."""
    from metric_series import MetricSeries

    emitted = []
    made = MetricSeries(lambda step, values: emitted.append((step, values)))
    made.emitted = emitted
    return made
