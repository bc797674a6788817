"""One configuration: a system, a noise level and a trial. All methods estimate all derivatives from the same samples."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from catalog import BY_NAME, METHODS, Method, names_in
from course import CHECKPOINT, Course
from method_pool import MethodPool, MethodProcess
from result_rows import rows_of
from signals import make_signal

OWN_FAMILY = "own"
WARM_SECONDS = 30.0
SMOKE_POINTS, SMOKE_SECONDS = 41, 20.0
WARM = []  # a method process that was started ahead of need


def warm_up():
    """What a first configuration would otherwise wait for: the solver's kernels and a process for the methods."""
    make_signal("lotka_volterra", 1e-3, 1, 11, 2, "additive", 0)
    WARM.append(MethodProcess())
    WARM[0].connection.poll(WARM_SECONDS)


def smoke(device):
    """Every method once, on few samples: what is wrong with the libraries shows before a long batch."""
    signal = make_signal("lotka_volterra", 1e-3, 1, SMOKE_POINTS, 1, "additive", 0)
    shared = {"file": None, "repeat": False, "times": signal.times, "samples": signal.samples, "orders": [0, 1]}
    pool = MethodPool(1, SMOKE_SECONDS, WARM)
    WARM.clear()
    try:
        requests = [(method.name, {**shared, "module": method.module, "function": method.function}) for method in METHODS]
        failed = [f"{outcome.method}: {outcome.reason}" for outcome in pool.run(requests, lambda: None) if outcome.state != "ok"]
    finally:
        pool.close()
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(METHODS)} methods do not work here ({'; '.join(failed[:3])}).")


@dataclass(frozen=True)
class Settings:
    """Parameters as `describe.py` writes them."""

    system: str
    noise: float
    trial: int
    points: int
    orders: tuple
    methods: tuple
    noise_model: str
    limit: float
    repeat: bool
    own_file: str | None

    @staticmethod
    def of(parameters):
        own = parameters.get("methodsFile")
        if own is not None:
            check_file(own)
        named = [BY_NAME[name] for name in names_in(parameters["methods"])]
        named += [Method(name, OWN_FAMILY, "", max(parameters["orders"]), 0.0) for name in (own["methods"] if own else [])]
        return Settings(
            system=parameters["system"],
            noise=float(parameters["noise"]),
            trial=parameters["trial"],
            points=parameters["points"],
            orders=tuple(parameters["orders"]),
            methods=tuple(named),
            noise_model=parameters["noiseModel"],
            limit=float(parameters["methodTimeout"]),
            repeat=parameters["runTwice"],
            own_file=own and own["path"],
        )

    def orders_of(self, method):
        return [order for order in self.orders if order <= method.highest]

    def total(self):
        """Methods that have something to give."""
        return sum(bool(self.orders_of(method)) for method in self.methods)

    def requests(self, signal, done):
        """What the pool is asked for: the methods that are not done and have something to give."""
        for method in self.methods:
            if method.name not in done and self.orders_of(method):
                own = self.own_file if method.family == OWN_FAMILY else None
                request = {"module": method.module, "function": method.function, "file": own, "repeat": self.repeat}
                yield method.name, {**request, "times": signal.times, "samples": signal.samples, "orders": self.orders_of(method)}


def check_file(own):
    """The file of a person's own methods must be the one that was planned with."""
    try:
        found = hashlib.sha256(Path(own["path"]).read_bytes()).hexdigest()
    except OSError as problem:
        raise RuntimeError(f"The file of methods {own['path']} cannot be read: {problem.strerror}.") from problem
    if found != own["sha256"]:
        raise RuntimeError(f"The file of methods {own['path']} has changed since the batch was planned. Start a new batch.")


def inner_jobs(run):
    """How many methods at a time: as many as the run may use threads, or fewer if asked."""
    asked = run.parameters.get("jobs", 0)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    allowed = max(1, min(run.threads, cores))
    if asked > allowed:
        run.message(
            f"{asked} inner jobs were asked for, but this run may use {allowed} of {cores} cores: {allowed} it is."
            f" Give every run more with --threads {asked}; workers times threads must not exceed the cores.",
            "warning",
        )
    return min(asked, allowed) or allowed


def describe_outcome(outcome, rows):
    """One line for people."""
    times = f"{outcome.work * 1e3:.1f} ms (start {outcome.start * 1e3:.0f} ms, overhead {outcome.overhead * 1e3:.0f} ms)"
    failed = [row for row in rows if row["state"] != "ok"]
    if len(failed) == len(rows):
        return f"{outcome.method} · {failed[0]['state']}: {failed[0]['reason']} · {times}", "warning"
    errors = ", ".join(f"order {row['deriv_order']} {row['nrmse']:.3g}" for row in rows if row["state"] == "ok")
    text = f"{outcome.method} · nRMSE {errors} · {times}"
    if outcome.repeated is False:
        text += " · run twice, it differs"
    if failed:
        text += f" · partial: {'; '.join(row['reason'] for row in failed)}"
    return text, "warning" if failed or outcome.repeated is False else "info"


def report(run, course, total):
    """After a method: medians so far, and progress."""
    values = {"nrmse/median": course.median_error()}
    for order in sorted({row["deriv_order"] for row in course.ok()}):
        values[f"nrmse/order{order}"] = course.median_error(order)
    if course.ok():
        run.metric(len(course.done), values)
    run.progress(len(course.done), total, "methods")


def estimate_all(run, settings, course, pool):
    signal = make_signal(
        settings.system, settings.noise, settings.trial, settings.points, max(settings.orders), settings.noise_model, run.batch_seed
    )
    columns = {"ode_system": settings.system, "noise_level": settings.noise, "trial": settings.trial}
    total = settings.total()
    by_name = {method.name: method for method in settings.methods}
    for outcome in pool.run(settings.requests(signal, course.done), run.stop_point):
        method = by_name[outcome.method]
        rows = rows_of(outcome, method, settings.orders_of(method), signal, columns)
        course.add(outcome, rows)
        for row in rows:
            run.row(row)
        run.message(*describe_outcome(outcome, rows))
        report(run, course, total)
        run.checkpoint(f"{len(course.done)} of {total} methods", course.save)


def main(run):
    settings = Settings.of(run.parameters)
    jobs = inner_jobs(run)
    run.phase(f"{settings.system}, noise {settings.noise:g}, trial {settings.trial}")
    pool = MethodPool(jobs, settings.limit, WARM)
    WARM.clear()
    try:
        course = Course()
        if run.resume_folder is not None and (run.resume_folder / CHECKPOINT).is_file():
            course = Course.restored(run.resume_folder)
            again = course.forget_failures() if len(course.done) == settings.total() else []
            run.restore_rows(course.rows)
            run.checkpoint("restored", course.save)
            tried = f" Tries again what failed: {', '.join(again)}." if again else ""
            run.message(f"Goes on after {len(course.done)} methods of the previous attempt.{tried}")
        estimate_all(run, settings, course, pool)
    finally:
        pool.close()
    finish(run, settings, course)


def finish(run, settings, course):
    total, failures = settings.total(), course.failures()
    if not course.ok():
        reasons = "; ".join(f"{name}: {reason}" for name, reason in failures.items())
        raise RuntimeError(f"None of {total} methods gave a result ({reasons[:2000]}).")
    for row in course.suspicious():
        print(f"suspicious: {row['method']}, order {row['deriv_order']}: {row['suspicious']}")
    if course.suspicious():
        run.message(f"{len(course.suspicious())} of {len(course.ok())} results are suspicious; the column says why.", "warning")
    if course.repeated:
        same = all(course.repeated.values())
        run.message(f"Every method ran twice on the same samples: {course.determinism()}.", "info" if same else "warning")
    run.message(course.breakdown())
    partial = course.partial_sentence(total) if failures else None
    if partial:
        run.message(partial, "warning")
    run.memory()
    run.finish(course.summary(settings.orders, total), partial)
