import sys
from pathlib import Path

WORKLOAD = Path(__file__).resolve().parents[3] / "resources" / "workloads" / "tolerance"


def use_workload():
    """Puts the workload's modules first, also where another workload's tests loaded some of the same name."""
    sys.path.insert(0, str(WORKLOAD))
    own = {path.stem for path in WORKLOAD.glob("*.py")}
    for name in own & set(sys.modules):
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent != WORKLOAD:
            del sys.modules[name]


use_workload()

import torch  # noqa: E402

torch.set_num_threads(1)
