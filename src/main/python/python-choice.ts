import { mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../platform/atomic-file.ts';

/** `<data>/python/choice.json`: the interpreter that a person chose for all runs on this machine. */
const pythonChoice = z.object({ version: z.literal(1), python: z.string().min(1) });

/** Null = nothing was chosen, or the file cannot be understood: Minibatch chooses. */
export async function readPythonChoice(dataFolder: string): Promise<string | null> {
  try {
    const found = pythonChoice.safeParse(JSON.parse(await readFile(pathOf(dataFolder), 'utf8')));
    return found.success ? found.data.python : null;
  } catch {
    return null;
  }
}

export function writePythonChoice(dataFolder: string, python: string | null): void {
  const path = pathOf(dataFolder);
  if (python === null) {
    rmSync(path, { force: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, `${JSON.stringify({ version: 1, python }, null, 2)}\n`);
}

function pathOf(dataFolder: string): string {
  return join(dataFolder, 'python', 'choice.json');
}
