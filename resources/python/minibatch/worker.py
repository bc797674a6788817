"""Runs one workload in its run folder.

    worker.py <run folder>
    worker.py --standby <standby folder> --require torch --require numpy --workload <folder>
    worker.py --relay <relay folder> --workload <folder>
    worker.py --smoke --require torch --require numpy --workload <folder> --device cpu
    worker.py --part 1 <run folder>

The second form imports ahead of need, writes ready.json into the standby folder, and waits for one line on standard
input that names the run folder. The third takes run after run: see relay.py. The fourth imports, computes one tiny
step on the device, and ends: exit code 0, or 1 with the error on standard error. The last is a helper of a run that takes
several devices: see together.py.
"""
import atexit
import importlib
import importlib.util
import os
import sys
import termios
import threading
import time
import traceback
from pathlib import Path

PACKAGE_PARENT = str(Path(__file__).resolve().parent.parent)
# The folder of this script must not be on the path: its modules would hide others of the same name.
OWN_FOLDER = os.path.join(PACKAGE_PARENT, "minibatch")
sys.path[:] = [PACKAGE_PARENT] + [entry for entry in sys.path if os.path.realpath(entry or ".") != OWN_FOLDER]

from minibatch.bytecode import cache_modules_of, loader_for  # noqa: E402

cache_modules_of(str(Path(PACKAGE_PARENT).parent))

from minibatch.run import Run, Stopped, write_json  # noqa: E402
from minibatch.supervisor import start_token  # noqa: E402

INTERRUPTED = 130


def load_training(folder):
    """The module `train` of a workload folder. Its siblings can be imported by name."""
    path = Path(folder) / "train.py"
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location("train", path, loader=loader_for("train", path))
    module = importlib.util.module_from_spec(spec)
    sys.modules["train"] = module
    spec.loader.exec_module(module)
    return module


def limit_threads(threads):
    """Beyond the environment's caps: torch decides for itself once it is imported."""
    torch = sys.modules.get("torch")
    if torch is None:
        return
    torch.set_num_threads(threads)
    try:
        torch.set_num_interop_threads(1)
    except RuntimeError:
        pass  # already set, or that pool is in use: it can be set only once


def load_for(run):
    training = load_training(run.workload_folder)
    limit_threads(run.threads)
    return training


def execute(run, training=None):
    """Runs the workload. Returns the exit code: 0 done, 1 failed, 130 stopped at a checkpoint."""
    run.listen_for_stop()
    try:
        if training is None:
            training = load_training(run.workload_folder)
        limit_threads(run.threads)
        run.start()
        training.main(run)
        if not run.finished:
            run.message("The workload ended without a result.", "error")
        return 0
    except (Stopped, KeyboardInterrupt) as stop:
        run.message(str(stop) or "Interrupted.")
        return INTERRUPTED
    except Exception as error:
        report = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        print(report, file=sys.stderr, flush=True)
        try:
            run.events.error(error, report)
        except OSError as problem:
            print("This error could not be recorded: %s." % problem.strerror, file=sys.stderr)
        return 1
    finally:
        run.events.close()


def prepare(requires, workload):
    """Imports what the runs of a workload need and lets it warm up. Returns the module `train`."""
    for name in requires:
        importlib.import_module(name)
    training = load_training(workload)
    limit_threads(int(os.environ.get("OMP_NUM_THREADS") or 1))
    if hasattr(training, "warm_up"):
        training.warm_up()
    return training


def smoke(requires, workload, device):
    """One tiny step, so that what is wrong with imports or the device shows in seconds. Raises whatever is wrong."""
    training = prepare(requires, workload)
    torch = sys.modules.get("torch")
    if hasattr(training, "smoke"):
        training.smoke(device)
    elif torch is not None:
        values = torch.ones(8, 8, device=device, requires_grad=True)
        (values @ values).sum().backward()
        values.grad.sum().item()  # waits for the device, which reports its errors late


def stand_by(folder, requires, workload):
    """Imports, says so, waits for the line. Returns the module `train` and the run folder, None = no line came."""
    began = time.monotonic()
    training = prepare(requires, workload)
    write_json(Path(folder) / "ready.json", {
        "pid": os.getpid(),
        "start": start_token(os.getpid()),
        "seconds": round(time.monotonic() - began, 3),
    })
    return training, read_line()


def read_line():
    """One line of standard input, byte by byte: what follows it belongs to the workload, for example to a debugger."""
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            return None
        line += byte
    echo_input()
    return os.fsdecode(line.rstrip(b"\r\n"))


def echo_input():
    """The supervisor starts a standby worker with echo off, so that the line is no part of the output."""
    if os.isatty(0):
        modes = termios.tcgetattr(0)
        modes[3] |= termios.ECHO
        termios.tcsetattr(0, termios.TCSANOW, modes)


def become(folder, training):
    """Turns a worker on standby into the run of that folder."""
    os.chdir(folder)
    run = Run(folder)
    environment = run.plan["environment"]
    for name in set(os.environ) - set(environment):
        del os.environ[name]
    # Nearly all of it is what this process was started with, and each change costs a call.
    os.environ.update({name: value for name, value in environment.items() if os.environ.get(name) != value})
    folders = (str(run.workload_folder), os.path.dirname(training.__file__))
    same = folders[0] == folders[1] or os.path.realpath(folders[0]) == os.path.realpath(folders[1])
    return execute(run, training if same else None)


def main(argv):
    if len(argv) == 1 and not argv[0].startswith("-"):
        return execute(Run(argv[0]))
    import argparse  # costs as much as all the rest, and a run that starts cold needs none of it

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", help="run folder, or standby folder with --standby")
    parser.add_argument("--standby", action="store_true")
    parser.add_argument("--relay", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--part", type=int, metavar="RANK")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--require", action="append", default=[], metavar="MODULE")
    parser.add_argument("--workload", metavar="FOLDER")
    options = parser.parse_args(argv)
    if (options.standby or options.relay or options.smoke) and not options.workload:
        parser.error("--standby, --relay and --smoke need --workload")
    if options.smoke:
        smoke(options.require, options.workload, options.device)
        return 0
    if not options.folder:
        parser.error("a folder is needed")
    if options.part is not None:
        from minibatch.together import help_out

        return help_out(options.folder, options.part, load_for)
    if options.relay:
        from minibatch import relay

        training = prepare(options.require, options.workload)
        return relay.take_runs(options.folder, lambda folder: leave(exit_code_of(lambda: become(folder, training))))
    if not options.standby:
        return execute(Run(options.folder))
    training, folder = stand_by(options.folder, options.require, options.workload)
    return 0 if folder is None else become(folder, training)


def exit_code_of(work):
    """What the interpreter would end with if `work()` were all of a program."""
    try:
        return work()
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            return end.code or 0
        print(end.code, file=sys.stderr)
    except BaseException:
        traceback.print_exc()
    return 1


def leave(code):
    """Ends the process after its threads and exit functions, but without taking torch apart: that is up to half a second."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass  # the terminal is gone, and with it the wish to read this
    os._exit(code)


if __name__ == "__main__":
    leave(main(sys.argv[1:]))
