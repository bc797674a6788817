import { join } from 'node:path';
import { z } from 'zod';
import type { DeviceMeasures } from '../../shared/domain/setup-facts.ts';
import type { RunProgram } from '../platform/process-runner.ts';
import { pythonEnvironment } from './python-environment.ts';

/** Starting a GPU for the first time takes its time. */
const SECONDS = 60;

const deviceMeasure = z.object({
  threads: z.number().int(),
  devices: z.array(
    z.union([
      z.object({ device: z.string(), seconds: z.number(), gflops: z.number() }),
      z.object({ device: z.string(), problem: z.string() }),
    ]),
  ),
});

/** A short product of matrices on every device of an interpreter's torch; null = it could not be asked. */
export async function measureDevices(options: {
  python: string;
  /** The folder that holds `minibatch/measure.py`. */
  pythonFolder: string;
  run: RunProgram;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<DeviceMeasures | null> {
  const script = join(options.pythonFolder, 'minibatch', 'measure.py');
  const result = await options.run(options.python, [script], {
    timeout: SECONDS,
    env: pythonEnvironment(options.env),
  });
  if (result.kind !== 'ended' || result.exitCode !== 0) return null;
  try {
    const found = deviceMeasure.safeParse(JSON.parse(result.stdout.trim().split('\n').at(-1) ?? ''));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}
