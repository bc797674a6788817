"""One configuration: a system, a noise level and a trial. All methods estimate all derivatives from the same samples."""

import predictions
from catalog import METHODS
from cores import core_count
from course import CHECKPOINT, Course
from method_pool import MethodPool, MethodProcess
from minibatch.memory import peak_resident_bytes
from result_rows import rows_of, usable
from settings import Settings
from signals import make_signal

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


def inner_jobs(run):
    """How many methods at a time: as many as the run may use threads, or fewer if asked."""
    asked = run.parameters.get("jobs", 0)
    cores = core_count()
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
    predictions.write_signal(run.artifacts, signal)
    for outcome in pool.run(settings.requests(signal, course.done), run.stop_point):
        method = by_name[outcome.method]
        orders = settings.orders_of(method)
        rows = rows_of(outcome, method, orders, signal, columns)
        # Before the checkpoint: a method that counts as done has its answers.
        predictions.write_prediction(run.artifacts, method.name, signal.times, usable(outcome, orders, settings.points))
        course.add(outcome, rows)
        for row in rows:
            run.row(row)
        run.message(*describe_outcome(outcome, rows))
        report(run, course, total)
        run.checkpoint(f"{len(course.done)} of {total} methods", course.save)


def restored(run, settings):
    """What the previous attempt had reached, or nothing."""
    if run.resume_folder is None or not (run.resume_folder / CHECKPOINT).is_file():
        return Course()
    course = Course.restored(run.resume_folder)
    again = list(course.failures()) if len(course.done) == settings.total() else []
    # A checkpoint lies two levels below its attempt.
    earlier = run.resume_folder.parents[1] / run.artifacts.name
    lost = predictions.take_over(earlier, run.artifacts, course.answered())
    course.forget([*again, *lost])
    run.restore_rows(course.rows)
    run.checkpoint("restored", course.save)
    tried = f" Tries again what failed: {', '.join(again)}." if again else ""
    missing = f" Repeats what has no file of answers any more: {', '.join(lost)}." if lost else ""
    run.message(f"Goes on after {len(course.done)} methods of the previous attempt.{tried}{missing}")
    return course


def main(run):
    settings = Settings.of(run.parameters)
    jobs = inner_jobs(run)
    run.phase(f"{settings.system}, noise {settings.noise:g}, trial {settings.trial}")
    pool = MethodPool(jobs, settings.limit, WARM)
    WARM.clear()
    try:
        course = restored(run, settings)
        estimate_all(run, settings, course, pool)
    finally:
        pool.close()
    run.events.memory(allocated=None, driver=None, peak=peak_resident_bytes() + pool.peak_bytes)
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
    run.finish(course.summary(settings.orders, total), partial)
