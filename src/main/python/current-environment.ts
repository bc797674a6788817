import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../platform/atomic-file.ts';

/** `<data>/python/current.json`: which managed environment counts. Older ones stay for runs that still use them. */
const currentEnvironment = z.object({
  version: z.literal(1),
  python: z.string(),
  createdAt: z.number(),
  /** Text of the requirements that it was made from. */
  requirements: z.string(),
});
export type CurrentEnvironment = z.infer<typeof currentEnvironment>;

/** Null when there is none, or the file cannot be understood. */
export async function readCurrentEnvironment(dataFolder: string): Promise<CurrentEnvironment | null> {
  try {
    const found = currentEnvironment.safeParse(JSON.parse(await readFile(pathOf(dataFolder), 'utf8')));
    return found.success ? found.data : null;
  } catch {
    return null;
  }
}

export async function managedPython(dataFolder: string): Promise<string | null> {
  return (await readCurrentEnvironment(dataFolder))?.python ?? null;
}

export function writeCurrentEnvironment(dataFolder: string, current: CurrentEnvironment): void {
  writeFileAtomic(pathOf(dataFolder), `${JSON.stringify(current, null, 2)}\n`);
}

function pathOf(dataFolder: string): string {
  return join(dataFolder, 'python', 'current.json');
}
