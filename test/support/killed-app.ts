import { type ChildProcess, spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startToken } from '../../src/main/platform/process-identity.ts';
import type { Ended, RunDocument } from './command-line.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface AppProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** The real command line with the real workloads, as processes that a test may kill. */
export interface KilledWorld {
  readonly root: string;
  /** Workspaces are folders of this world, made when first named. */
  start(workspace: string, ...argv: string[]): AppProcess;
  /** What the run folders of a workspace hold under a name or pattern, as JSON. */
  documents<T>(workspace: string, name: string): T[];
  /** How many files the run folders of a workspace hold under a name or pattern. */
  count(workspace: string, name: string): number;
  /** As in a power cut: the app, then supervisors, then trainings. Resolves when the app is gone. */
  powerCut(app: AppProcess, workspace: string): Promise<void>;
  remove(): void;
}

interface Status {
  readonly state: string;
  readonly supervisor: { readonly pid: number };
  readonly process: { readonly pid: number } | null;
}

export function createKilledWorld(): KilledWorld {
  const root = mkdtempSync(join(tmpdir(), 'minibatch-killed-'));
  const children = new Set<ChildProcess>();

  function start(workspace: string, ...argv: string[]): AppProcess {
    const main = join(ROOT, 'src', 'main', 'headless.ts');
    const child = spawn(process.execPath, [main, ...argv, '--workspace', join(root, workspace), '--json'], {
      env: { ...process.env, MINIBATCH_DATA: join(root, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    const text = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const)
      child[name].setEncoding('utf8').on('data', (piece: string) => {
        text[name] += piece;
      });
    const ended = new Promise<Ended>((done) => {
      child.on('close', (code) => {
        children.delete(child);
        done({ code: code ?? 137, ...text });
      });
    });
    return { child, ended };
  }

  const found = (workspace: string, name: string): string[] =>
    globSync(`batches/*/runs/*/attempt-*/${name}`, { cwd: join(root, workspace) });

  function documents<T>(workspace: string, name: string): T[] {
    return found(workspace, name).map(
      (path) => JSON.parse(readFileSync(join(root, workspace, path), 'utf8')) as T,
    );
  }

  return {
    root,
    start,
    documents,
    count: (workspace, name) => found(workspace, name).length,
    async powerCut(app, workspace) {
      app.child.kill('SIGKILL');
      // In the same moment: a run that ends meanwhile would leave nothing to go on with.
      for (const { state, supervisor, process: training } of documents<Status>(workspace, 'status.json')) {
        if (state === 'exited') continue;
        for (const one of [supervisor, training])
          if (one && startToken(one.pid)) process.kill(one.pid, 'SIGKILL');
      }
      await app.ended;
    },
    remove() {
      for (const child of children) child.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Every result row by experiment, in a fixed order; columns that tell times are named in `without`. */
export function rowsOf({ runs }: RunDocument, without: readonly string[] = []): Record<string, string[]> {
  const rows = (folder: string): string[] =>
    readFileSync(join(folder, 'events.jsonl'), 'utf8')
      .split('\n')
      .filter((line) => line.includes('"kind": "row"'))
      .map((line) => {
        const { row } = JSON.parse(line) as { row: Record<string, unknown> };
        return JSON.stringify(Object.entries(row).filter(([name]) => !without.includes(name)));
      })
      .toSorted();
  return Object.fromEntries(runs.map(({ name, folder }) => [name, rows(folder)]));
}
