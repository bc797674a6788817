"""What runs in the chosen interpreter: the supervisor of a run, the worker, and what a workload is offered."""
