import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from '../../scripts/lib/command.mjs';
import { OUT, ROOT } from '../../scripts/lib/paths.mjs';

/** A workload of the standard library whose runs colour their output, rewrite a line, fail or last on demand. */
const MANIFEST = `name: steps
title: Steps
version: 1
summary: Counts steps.
mainMetric: loss/train
options:
  - {name: count, type: integer, default: 3, min: 1, max: 20, help: How many experiments.}
  - {name: steps, type: integer, default: 30, min: 1, max: 100000, help: Steps of a run.}
  - {name: pause, type: number, default: 0.01, min: 0, max: 10, unit: s, help: Seconds per step.}
  - {name: failing, type: integer, default: -1, min: -1, max: 20, advanced: true, help: Index that fails.}
  - {name: manner, type: choice, choices: [plain, asks, odd, phases, wide, crowd], default: plain, advanced: true, help: What is special.}
presets:
  - {name: short, title: Short, summary: Three short runs.}
  - {name: broken, title: Broken, summary: One of two fails., options: {count: 2, steps: 5, failing: 1}}
  - {name: slow, title: Slow, summary: Two runs that take their time., options: {count: 2, steps: 100, pause: 0.04}}
  - {name: asking, title: Asking, summary: Waits for a word., options: {count: 1, steps: 2, manner: asks}}
  - {name: odd, title: Odd, summary: Odd names and numbers., options: {count: 3, steps: 12, pause: 0.1, manner: odd}}
  - {name: phased, title: Phased, summary: Two phases., options: {count: 6, steps: 20, pause: 0.05, manner: phases}}
  - {name: wide, title: Wide, summary: A line of 50 MB., options: {count: 1, steps: 2, manner: wide}}
  - {name: crowd, title: Crowd, summary: Five thousand short runs., options: {count: 1, steps: 1, manner: crowd}}
  - {name: many, title: Many, summary: Nothing but rows., options: {count: 20, steps: 1}}
`;

const DESCRIBE = `import json, sys
options = json.load(sys.stdin)["options"]
if options["count"] == 13:
    sys.exit("Thirteen experiments bring bad luck; choose another count.")
odd = options["manner"] == "odd"
names = ["\\U0001F9EA\\U0001F469\\u200D\\U0001F52C try \\U0001F3C1", "\\u05e0\\u05d9\\u05e1\\u05d5\\u05d9 42 \\u05e8\\u05d0\\u05e9\\u05d5\\u05df", "w" * 500]
print(json.dumps({"experiments": [{
    "index": index, "name": names[index % 3] if odd else f"run {index}",
    "parameters": {"number": index, "steps": options["steps"], "pause": options["pause"], "fails": index == options["failing"], "manner": options["manner"]},
    "phase": "first" if options["manner"] == "phases" and index % 2 == 0 else "main" if options["manner"] != "phases" else "second",
    "facts": {"parameterCount": 1000 * (index + 1)},
    "estimate": {"memoryMb": 50, "seconds": options["steps"] * options["pause"] + 0.2},
} for index in range(5000 if options["manner"] == "crowd" else options["count"])], "notes": []}))
`;

const TRAIN = `import sys, time

def main(run):
    settings = run.parameters
    if settings["manner"] == "asks":
        print("heard " + input("your word: "), flush=True)
    if settings["manner"] == "wide":
        print("x" * (50 * 2**20) + "\\nbehind", flush=True)
    print("\\x1b[32mgreen words\\x1b[0m and plain ones", flush=True)
    for step in range(settings["steps"]):
        sys.stdout.write(f"\\rbar {step}")
        run.metric(step, {"loss/train": float("nan") if settings["manner"] == "odd" else 1.0 / (step + 1)})
        run.progress(step + 1, settings["steps"], "steps")
        if step % 5 == 0:
            print(f"\\rline for step {step}", flush=True)
        time.sleep(settings["pause"])
        run.stop_point()
    if settings["fails"]:
        raise ValueError("made to fail")
    run.row({"value": float(settings["number"])})
    run.finish({"value": settings["number"]})
`;

export interface ServedApp {
  /** Address with the key to it. */
  readonly loginUrl: string;
  readonly workspace: string;
  /** Runs the command line beside it, on the same workspace; resolves to its exit code and what it printed. */
  commandLine(...args: string[]): Promise<{ code: number | null; output: string }>;
  /** Process of the core. */
  readonly pid: number;
  /** Ends the app and keeps its workspace. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

/** The built app, served from a workspace of its own with the real workloads and `steps`. `bare`: without a prepared Python. */
export async function serveApp(
  options: { env?: Record<string, string>; bare?: boolean } = {},
): Promise<ServedApp> {
  const python = process.env.MINIBATCH_PYTHON;
  if (!python) throw new Error('Set MINIBATCH_PYTHON to an interpreter with torch.');
  if (!existsSync(join(OUT, 'renderer', 'index.html')))
    throw new Error('Nothing is built: run "npm run build" first.');
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'minibatch-e2e-')));
  const workspace = join(root, 'workspace');
  const resources = join(root, 'resources');
  const steps = join(resources, 'workloads', 'steps');
  mkdirSync(steps, { recursive: true });
  symlinkSync(join(ROOT, 'resources', 'python'), join(resources, 'python'));
  for (const name of ['memorization', 'command'])
    cpSync(join(ROOT, 'resources', 'workloads', name), join(resources, 'workloads', name), {
      recursive: true,
    });
  for (const [name, text] of [
    ['manifest.yaml', MANIFEST],
    ['describe.py', DESCRIBE],
    ['train.py', TRAIN],
  ] as const) {
    writeFileSync(join(steps, name), text);
  }
  mkdirSync(join(root, 'data', 'python'), { recursive: true });
  const requirements = readFileSync(join(ROOT, 'resources', 'python', 'requirements.txt'), 'utf8');
  const current = JSON.stringify({ version: 1, python, createdAt: 1, requirements });
  if (options.bare !== true) writeFileSync(join(root, 'data', 'python', 'current.json'), current);
  const env = {
    ...process.env,
    ...options.env,
    MINIBATCH_DATA: join(root, 'data'),
    MINIBATCH_RESOURCES: resources,
  };
  const program = join(OUT, 'headless', 'headless.js');
  const child = spawn(process.execPath, [program, 'serve', '--workspace', workspace], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const loginUrl = await address(child);
  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    await gone;
  }
  return {
    loginUrl,
    workspace,
    commandLine: (...args) =>
      capture(process.execPath, [program, ...args, '--workspace', workspace], { env }),
    pid: child.pid ?? 0,
    end,
    async stop() {
      await end();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (part: Buffer): void => {
      text += part.toString();
      const found = /http:\/\/\S+\/login\S+/.exec(text)?.[0];
      if (found) resolve(found);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('close', () => reject(new Error(`The server ended before it said where it is: ${text}`)));
  });
}
