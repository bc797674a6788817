import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type App, createApp } from '../../src/main/app.ts';
import { runCommandLine } from '../../src/main/cli/command-line.ts';
import type { Installation } from '../../src/main/installation.ts';
import { createInterpreters } from '../../src/main/interpreters.ts';
import { readScriptArguments } from '../../src/main/workloads/script-arguments.ts';
import { systemClock } from '../../src/main/platform/clock.ts';
import { writeBehaviourWorkload } from './behaviour-workload.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Python with torch for real runs; the test programs themselves need nothing of it. */
export const trainingPython = process.env.MINIBATCH_PYTHON;

const MANIFEST = `name: steps
title: Steps
version: 1
summary: Counts steps.
mainMetric: loss/train
exports: [text]
options:
  - {name: indices, type: integer-list, default: [0, 1, 2], min: 0, max: 9, help: Experiments to run.}
  - {name: failing, type: integer, default: -1, min: -1, max: 9, help: Index that fails.}
  - {name: step-count, type: integer, default: 3, min: 1, max: 100000, help: Steps of a run.}
  - {name: pause, type: number, default: 0, min: 0, max: 10, unit: s, help: Seconds per step.}
  - {name: noisy, type: boolean, default: false, help: Prints a line per step.}
presets:
  - {name: quick, title: Quick, summary: Three short runs.}
  - {name: long, title: Long, summary: Two runs that last until they are stopped., options: {indices: [0, 1], step-count: 3000, pause: 0.02}}
  - {name: all, title: All, summary: Ten runs., options: {indices: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}}
comparison: {value: value, valueTitle: Value, group: step, groupTitle: Step, x: parameterCount, xTitle: Parameters, bands: [0.9, 0.5]}
`;

const DESCRIBE = `import json, sys
asked = json.load(sys.stdin)
options = asked["options"]
print(json.dumps({"experiments": [{
    "index": index, "name": f"run {index}",
    "parameters": {
        "number": index, "steps": options["step-count"], "pause": options["pause"],
        "behaviour": "fail" if index == options["failing"] else "succeed",
    },
    "facts": {"parameterCount": 10 * (index + 1)},
    "estimate": {"memoryMb": 50, "seconds": options["step-count"] * max(options["pause"], 0.001)},
} for index in options["indices"]], "notes": []}))
`;

const ANALYZE = `import json, pathlib, sys
format, folder = sys.argv[1:]
for result in json.load(sys.stdin)["results"]:
    (pathlib.Path(folder) / f"{result['index']}.txt").write_text(str(len(result["rows"])))
`;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `run`, `resume` and `retry` print with `--json`. */
export interface RunDocument {
  readonly batch: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly workSeconds: number;
  readonly wallSeconds: number;
  readonly speedup: number | null;
  readonly runs: {
    readonly index: number;
    readonly name: string;
    readonly state: string;
    readonly attempt: number;
    readonly folder: string;
  }[];
}

export interface Started {
  readonly child: ChildProcess;
  /** All that was printed so far, both streams. */
  text(): string;
  /** Resolves once the text has come, with the text. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ended>;
}

export interface CommandWorld {
  readonly root: string;
  readonly workspace: string;
  /** In this process, over the real core. `interrupt` is given to whoever wants to press Ctrl-C. */
  run(...argv: string[]): Promise<Ended>;
  /** As a process of its own, from the sources. */
  start(...argv: string[]): Started;
  /** The core of the workspace in this process, for tests of its calls. */
  openCore(): Promise<App>;
  /** A fresh workspace in the same world. */
  newWorkspace(): string;
  remove(): void;
}

/** A world of its own for the command line: workspace, data folder and one workload of the standard library. */
export function createCommandWorld(): CommandWorld {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'minibatch-cli-')));
  const resources = join(root, 'resources');
  const workload = join(resources, 'workloads', 'steps');
  mkdirSync(workload, { recursive: true });
  symlinkSync(join(ROOT, 'resources', 'python'), join(resources, 'python'));
  writeBehaviourWorkload(workload);
  writeFileSync(join(workload, 'manifest.yaml'), MANIFEST);
  writeFileSync(join(workload, 'describe.py'), DESCRIBE);
  writeFileSync(join(workload, 'analyze.py'), ANALYZE);
  const data = join(root, 'data');
  const children = new Set<ChildProcess>();
  let workspace = join(root, 'workspace-0');
  let count = 0;

  const installation = (): Installation => ({
    surroundings: { env: process.env, platform: process.platform, home: homedir() },
    version: '0.0.0-test',
    resources,
    dataFolder: data,
    defaultWorkspace: workspace,
    rendererFolder: join(root, 'renderer'),
    reportBug: (error) => {
      throw error;
    },
  });

  const openApp = (folder: string): Promise<App> =>
    createApp({ workspace: folder, installation: installation(), standby: false, checkOutput: true });

  function start(...argv: string[]): Started {
    const env = {
      ...process.env,
      MINIBATCH_RESOURCES: resources,
      MINIBATCH_DATA: data,
      MINIBATCH_WORKSPACE: workspace,
    };
    const child = spawn(process.execPath, [join(ROOT, 'src', 'main', 'headless.ts'), ...argv], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let stdout = '';
    let stderr = '';
    const watchers = new Set<() => void>();
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      for (const watcher of watchers) watcher();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      for (const watcher of watchers) watcher();
    });
    const ended = new Promise<Ended>((done) => {
      child.on('close', (code, signal) => {
        children.delete(child);
        done({ code: code ?? (signal === 'SIGKILL' ? 137 : 128), stdout, stderr });
      });
    });
    const text = (): string => stdout + stderr;
    return {
      child,
      text,
      ended,
      printed: (pattern) =>
        new Promise((found, failed) => {
          const look = (): void => {
            const match = pattern.exec(text());
            if (match === null) return;
            watchers.delete(look);
            found(match);
          };
          watchers.add(look);
          look();
          void ended.then(() => failed(new Error(`It ended without printing ${pattern}:\n${text()}`)));
        }),
    };
  }

  async function run(...argv: string[]): Promise<Ended> {
    let stdout = '';
    let stderr = '';
    const interpreters = createInterpreters({
      resources,
      dataFolder: data,
      home: homedir(),
      env: process.env,
      clock: systemClock,
      facts: { architecture: process.arch, notes: [] },
    });
    const code = await runCommandLine(argv, {
      stdout: { write: (text) => (stdout += text) },
      stderr: { write: (text) => (stderr += text) },
      version: '0.0.0-test',
      rendererFolder: join(root, 'renderer'),
      home: homedir(),
      defaultWorkspace: workspace,
      openApp,
      examine: (folder, python) => interpreters.examine(folder, python),
      preparePython: (onProgress) => interpreters.prepare(onProgress),
      inspectScript: async (script, python) =>
        readScriptArguments({ script, resources, python: (await interpreters.choose(python, [])).path }),
      openBrowser: () => {},
      onInterrupt: () => () => {},
      reportBug: (error) => {
        throw error;
      },
    });
    return { code, stdout, stderr };
  }

  return {
    root,
    openCore: () => openApp(workspace),
    get workspace() {
      return workspace;
    },
    run,
    start,
    newWorkspace() {
      count += 1;
      workspace = join(root, `workspace-${count}`);
      return workspace;
    },
    remove() {
      for (const child of children) child.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** The document of `--json`: the last line of standard output. */
export function lastDocument<T>(ended: Ended): T {
  const line = ended.stdout.trimEnd().split('\n').at(-1) ?? '';
  return JSON.parse(line) as T;
}
