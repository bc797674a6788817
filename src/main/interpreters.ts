import { dirname, join } from 'node:path';
import type { HardwareFacts } from '../shared/model/hardware.ts';
import type { DoctorReport, InterpreterProbe } from '../shared/model/python.ts';
import { ExpectedError } from '../shared/model/error.ts';
import type { Clock } from './platform/clock.ts';
import { runProgram } from './platform/process-runner.ts';
import { doctor } from './python/doctor.ts';
import { findModestPython, findPython, type PythonOptions } from './python/find-python.ts';
import { createManagedEnvironment } from './python/managed-environment.ts';
import { createProbeCache } from './python/probe-cache.ts';

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
  examine(workspace: string, python?: string): Promise<DoctorReport>;
  /** Makes the managed environment and makes it the current one; what was there before stays until then. */
  prepare(onProgress: (line: string) => void): Promise<void>;
}

export function createInterpreters(options: InterpretersOptions): Interpreters {
  const { resources, dataFolder, home, env, clock, facts } = options;
  const cache = createProbeCache(dataFolder, clock.now);

  function search(given?: string): PythonOptions {
    return {
      given,
      projectFolders: [process.cwd(), dirname(resources)],
      dataFolder,
      home,
      platform: process.platform,
      env,
      pythonFolder: join(resources, 'python'),
      run: runProgram,
      architecture: facts.architecture,
      cache,
    };
  }

  return {
    async choose(path, needs) {
      const { chosen, sentence } = await findPython(search(path));
      const modest = chosen === null && needs ? await findModestPython(search(path), needs) : null;
      if (modest !== null) return modest;
      if (chosen === null || chosen.probe.kind !== 'usable') {
        throw new ExpectedError(path === undefined ? 'python-missing' : 'python-unfit', sentence);
      }
      return { path: chosen.path, facts: chosen.probe.facts };
    },
    examine: (workspace, python) => doctor({ ...search(python), workspace, notes: facts.notes }),
    async prepare(onProgress) {
      await createManagedEnvironment({
        ...search(),
        requirements: join(resources, 'python', 'requirements.txt'),
        clock,
        progress: ({ line, fraction }) =>
          onProgress(`${String(Math.floor(fraction * 100)).padStart(3)} %  ${line}`),
      });
    },
  };
}
