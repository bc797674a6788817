import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A workload of the standard library only. `behaviour` chooses how a run behaves; `steps` and `pause` (seconds
 * per step) how long it takes. Rows hold the step and a number that depends on nothing but seed and step, so a
 * resumed run can be compared with an undisturbed one.
 */
const TRAIN = `
import json, os, random, signal, subprocess, sys, time


def value(seed, step):
    return random.Random(seed * 1000003 + step).random()


def main(run):
    settings = run.parameters
    behaviour = settings.get("behaviour", "succeed")
    steps = settings.get("steps", 3)
    pause = settings.get("pause", 0.0)
    first = 0
    rows = []
    if run.resume_folder:
        with open(run.resume_folder / "state.json") as file:
            state = json.load(file)
        first, rows = state["done"], state["rows"]
        run.restore_rows(rows)
        run.message("resumed at %d" % first)
    run.phase("training")
    if behaviour == "ignore-sigint":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        print("deaf", flush=True)
        time.sleep(600)
    if behaviour == "hang":
        time.sleep(600)
    if behaviour == "print":
        line = "x" * 99 + "\\n"
        for _ in range(settings.get("lines", 1000)):
            sys.stdout.write(line)
    if behaviour == "ask":
        print("heard " + input("say something: "), flush=True)
    if behaviour == "flood":
        piece = (b"x" * 99 + b"\\n") * 10000
        for _ in range(settings.get("lines", 10000) // 10000):
            sys.stdout.buffer.write(piece)
    if behaviour == "wild-events":
        with open(run.folder / "events.jsonl", "ab", buffering=0) as file:
            file.write(b'{"t": 1, "kind": "message", "level": "info", "text": "' + b"x" * (50 << 20) + b'"}\\n')
            file.write(b'"\\xff\\xfe"\\n')
            file.write(b'{"t": 1, "kind": "metric", "step": 0, "values": {"loss/train": NaN}}\\n')
    if behaviour == "fork-and-die":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True)
        (run.folder / "child.pid").write_text(str(child.pid))
        os._exit(7)
    if behaviour == "fail":
        raise ValueError("the tiny failure")
    if behaviour == "out-of-memory":
        time.sleep(pause)
        raise MemoryError("tiny")
    if behaviour == "missing-module":
        import a_module_that_is_missing
    if behaviour == "kill-itself":
        os.kill(os.getpid(), signal.SIGKILL)
    if behaviour == "no-result":
        return
    if behaviour == "fail-once" and not os.path.exists(settings["marker"]):
        open(settings["marker"], "w").close()
        raise ValueError("the first attempt fails")
    if behaviour == "ballast":
        ballast = bytearray(b"1") * (settings["ballastMb"] << 20)
        for step in range(steps):
            resident = int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            run.row({"t": time.time(), "residentMb": resident / 2**20, "held": len(ballast)})
            time.sleep(pause)
        run.finish({"held": len(ballast)})
        return
    for step in range(first, steps):
        run.progress(step, steps, "steps")
        rows.append({"step": step, "value": value(run.seed, step)})
        run.row(rows[-1])
        run.metric(step, {"loss/train": float("nan") if behaviour == "nan" else 1.0 / (step + 1)})
        time.sleep(pause)
        run.checkpoint("step", lambda folder: (folder / "state.json").write_text(json.dumps({"done": step + 1, "rows": rows})))
        run.stop_point()
    run.progress(steps, steps, "steps")
    if behaviour == "partial":
        run.finish({"steps": steps}, partial="One of two seeds diverged.")
        return
    run.finish({"sum": sum(row["value"] for row in rows), "steps": steps})
    if behaviour == "result-then-fail":
        sys.exit(3)
`;

export interface BehaviourParameters {
  readonly behaviour?:
    | 'succeed'
    | 'fail'
    | 'fail-once'
    | 'hang'
    | 'ignore-sigint'
    | 'print'
    | 'flood'
    | 'wild-events'
    | 'ask'
    | 'fork-and-die'
    | 'no-result'
    | 'nan'
    | 'out-of-memory'
    | 'missing-module'
    | 'kill-itself'
    | 'ballast'
    | 'result-then-fail'
    | 'partial';
  readonly steps?: number;
  /** Seconds per step. */
  readonly pause?: number;
  readonly lines?: number;
  /** Really allocated and touched by `ballast`, which tells in its rows what it holds. */
  readonly ballastMb?: number;
  /** File that tells the second attempt from the first. */
  readonly marker?: string;
}

/** Writes the workload into the folder and returns what the scheduler needs to know of it. */
export function writeBehaviourWorkload(folder: string): {
  folder: string;
  requires: string[];
  gpuLoad: 'light';
  mainMetric: string;
} {
  writeFileSync(join(folder, 'train.py'), TRAIN);
  return { folder, requires: [], gpuLoad: 'light', mainMetric: 'loss/train' };
}
