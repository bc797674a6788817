import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DeviceMeasures } from '../shared/domain/setup-facts.ts';
import type { HardwareFacts } from '../shared/model/hardware.ts';
import type { DoctorReport, InterpreterProbe } from '../shared/model/python.ts';
import { ExpectedError } from '../shared/model/error.ts';
import type { Clock } from './platform/clock.ts';
import { runProgram } from './platform/process-runner.ts';
import { type CurrentEnvironment, readCurrentEnvironment } from './python/current-environment.ts';
import { doctor } from './python/doctor.ts';
import { findModestPython, findPython, type PythonOptions } from './python/find-python.ts';
import { createManagedEnvironment, type ManagedOptions } from './python/managed-environment.ts';
import { measureDevices } from './python/measure-devices.ts';
import { createProbeCache } from './python/probe-cache.ts';
import { readPythonChoice, writePythonChoice } from './python/python-choice.ts';

export interface InterpretersOptions {
  /** Folder with `python/` and `workloads/`. */
  readonly resources: string;
  readonly dataFolder: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly facts: Pick<HardwareFacts, 'architecture' | 'notes'>;
}

/** The Pythons of this machine, with everything they depend on bound. */
export interface Interpreters {
  /**
   * `path` absent = the recommended one. With `needs` a Python that can import these will do where none can train.
   * Throws ExpectedError('python-missing' or 'python-unfit').
   */
  choose(
    path?: string,
    needs?: readonly string[],
  ): Promise<{ readonly path: string; readonly facts: InterpreterProbe }>;
  /** `fresh`: asks every interpreter again, whatever it said before. */
  examine(workspace: string, python?: string, fresh?: boolean): Promise<DoctorReport>;
  /** Makes the managed environment and makes it the current one; what was there before stays until then. */
  prepare(onProgress: (line: string) => void): Promise<void>;
  /** The same, told as data, and it can be cancelled. */
  build(options: Pick<ManagedOptions, 'progress' | 'signal'>): Promise<void>;
  /** What every device of an interpreter does; null = it could not be asked. */
  measure(python: string): Promise<DeviceMeasures | null>;
  /** The environment that was prepared last; `outdated`: this version wants other packages. */
  managed(): Promise<(CurrentEnvironment & { readonly outdated: boolean }) | null>;
  /** Path of the interpreter that a person chose for this machine; null = the recommended one counts. */
  chosen(): Promise<string | null>;
  keepChoice(python: string | null): void;
  readonly dataFolder: string;
  readonly home: string;
}

export function createInterpreters(options: InterpretersOptions): Interpreters {
  const { resources, dataFolder, home, env, clock, facts } = options;
  const cache = createProbeCache(dataFolder, clock.now);

  const requirements = join(resources, 'python', 'requirements.txt');
  const pythonFolder = join(resources, 'python');

  async function search(given?: string): Promise<PythonOptions> {
    return {
      given,
      chosen: (await readPythonChoice(dataFolder)) ?? undefined,
      projectFolders: [process.cwd(), dirname(resources)],
      dataFolder,
      home,
      platform: process.platform,
      env,
      pythonFolder,
      run: runProgram,
      architecture: facts.architecture,
      cache,
    };
  }

  async function build(how: Pick<ManagedOptions, 'progress' | 'signal'>): Promise<void> {
    await createManagedEnvironment({ ...(await search()), requirements, clock, ...how });
  }

  return {
    dataFolder,
    home,
    async choose(path, needs) {
      const asked = await search(path);
      const { chosen, sentence } = await findPython(asked);
      const modest = chosen === null && needs ? await findModestPython(asked, needs) : null;
      if (modest !== null) return modest;
      if (chosen === null || chosen.probe.kind !== 'usable') {
        throw new ExpectedError(path === undefined ? 'python-missing' : 'python-unfit', sentence);
      }
      return { path: chosen.path, facts: chosen.probe.facts };
    },
    async examine(workspace, python, fresh = false) {
      return doctor({ ...(await search(python)), workspace, notes: facts.notes, fresh });
    },
    prepare: (onProgress) =>
      build({
        progress: ({ line, fraction }) =>
          onProgress(`${String(Math.floor(fraction * 100)).padStart(3)} %  ${line}`),
      }),
    build,
    measure: (python) => measureDevices({ python, pythonFolder, run: runProgram, env }),
    async managed() {
      const current = await readCurrentEnvironment(dataFolder);
      if (current === null) return null;
      const wanted = await readFile(requirements, 'utf8').catch(() => null);
      return { ...current, outdated: wanted !== null && wanted.trim() !== current.requirements.trim() };
    },
    chosen: () => readPythonChoice(dataFolder),
    keepChoice: (python) => writePythonChoice(dataFolder, python),
  };
}
