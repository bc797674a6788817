import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProgramResult, RunProgram } from '../../../../src/main/platform/process-runner.ts';
import type { ManagedOptions } from '../../../../src/main/python/managed-environment.ts';
import { createProbeCache } from '../../../../src/main/python/probe-cache.ts';
import type { InterpreterProbe } from '../../../../src/shared/model/python.ts';
import { facts } from './interpreters.ts';

export interface FakeMachine {
  readonly folder: string;
  readonly options: ManagedOptions;
  readonly calls: { command: string; args: readonly string[]; env: Record<string, string | undefined> }[];
  /** Makes a program that can be looked at; returns its path. */
  add(path: string, probe?: Partial<InterpreterProbe> | ProgramResult): string;
  /** Overrides what a program answers, by a piece of its command line. */
  when(piece: string, answer: ProgramResult | (() => Promise<ProgramResult> | ProgramResult)): void;
}

export function result(exitCode: number, stdout = '', stderr = ''): ProgramResult {
  return { kind: 'ended', exitCode, stdout, stderr };
}

/** A machine with a home of its own, on which programs answer but none is executed. */
export function fakeMachine(platform: NodeJS.Platform = 'linux'): FakeMachine {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'minibatch-python-')));
  const probes = new Map<string, ProgramResult>();
  const answers = new Map<string, ProgramResult | (() => Promise<ProgramResult> | ProgramResult)>();
  const calls: FakeMachine['calls'] = [];
  const answerOf = (path: string, probe: Partial<InterpreterProbe> | ProgramResult): ProgramResult =>
    'kind' in probe
      ? (probe as ProgramResult)
      : result(0, `${JSON.stringify(facts({ prefix: dirname(dirname(path)), ...probe }))}\n`);
  const add: FakeMachine['add'] = (path, probe = {}) => {
    const full = path.startsWith('/') ? path : join(folder, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, '');
    probes.set(full, answerOf(full, probe));
    return full;
  };
  const run: RunProgram = async (command, args, options) => {
    calls.push({ command, args, env: { ...options.env } });
    const line = [command, ...args].join(' ');
    for (const [piece, answer] of answers) {
      if (line.includes(piece)) return typeof answer === 'function' ? answer() : answer;
    }
    if (args[0]?.endsWith('probe.py')) return probes.get(command) ?? result(1, '', 'no such python');
    if (args[0] === '-m' && args[1] === 'venv') {
      add(join(args[2] ?? '', 'bin', 'python'));
      return result(0);
    }
    if (args[1] === 'pip') {
      options.onOutput?.('Collecting torch==2.13.0\nSuccessfully installed torch\n');
      return result(0);
    }
    return { kind: 'not-started', reason: 'not installed', stdout: '', stderr: '' };
  };
  const requirements = join(folder, 'requirements.txt');
  writeFileSync(requirements, 'torch==2.13.0\n');
  mkdirSync(join(folder, 'resources', 'minibatch'), { recursive: true });
  writeFileSync(join(folder, 'resources', 'minibatch', 'probe.py'), '');
  let seconds = Date.UTC(2026, 10, 23, 10, 15) / 1000;
  // The packages of this machine come from wherever its own pip says, but no test installs any.
  const env = { PATH: join(folder, 'bin'), HOME: folder };
  return {
    folder,
    calls,
    add,
    when: (piece, answer) => void answers.set(piece, answer),
    options: {
      projectFolders: [],
      dataFolder: join(folder, 'data'),
      home: folder,
      platform,
      env,
      pythonFolder: join(folder, 'resources'),
      run,
      architecture: 'arm64',
      cache: createProbeCache(join(folder, 'data'), () => seconds),
      requirements,
      clock: { now: () => (seconds += 1) },
      neededBytes: 1,
    },
  };
}
