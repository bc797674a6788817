from workload_modules import use_workload


def pytest_make_collect_report():
    """Before each file of tests: another workload's may have been read in the meantime."""
    use_workload("scaling")


use_workload("scaling")

import torch  # noqa: E402

torch.set_num_threads(1)
