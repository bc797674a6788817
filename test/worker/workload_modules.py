"""Lets the tests of one workload import its modules, though others have modules of the same names."""
import sys
from pathlib import Path

WORKLOADS = Path(__file__).resolve().parents[2] / "resources" / "workloads"


def use_workload(name):
    """Puts the workload's modules first, also where another workload's tests loaded some of the same name."""
    folder = WORKLOADS / name
    sys.path[:] = [str(folder), *(entry for entry in sys.path if entry != str(folder))]
    own = {path.stem for path in folder.glob("*.py")}
    for module in own & set(sys.modules):
        if Path(getattr(sys.modules[module], "__file__", None) or "/").parent != folder:
            del sys.modules[module]
