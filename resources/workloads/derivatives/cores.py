"""How many processor cores there are for this process. Standard library only."""

import os


def core_count():
    """Those that this process may run on, where the system can tell."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
