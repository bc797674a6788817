import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './command.mjs';
import { CACHE, HEADLESS } from './paths.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const STAMP = join(CACHE, 'python.json');

/** The interpreter chosen at the last preparation, as long as it is there and what it must contain is unchanged. */
export function preparedPython() {
  const stamp = JSON.parse(readStamp(STAMP) ?? 'null');
  return stamp && stamp.inputs === hashOf(['resources/python']) && existsSync(stamp.python)
    ? stamp.python
    : null;
}

/** Lets the app choose an interpreter, or make a managed environment if none has torch. Returns its path. */
export async function preparePython(node, env) {
  const { stdout } = await must(node, [HEADLESS, 'doctor', '--prepare', '--json'], {
    env,
    live: true,
    wayOut: 'Runs cannot start without it; "npm start -- doctor" shows what was tried.',
  });
  const python = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? 'null')?.chosen ?? null;
  if (python) writeStamp(STAMP, JSON.stringify({ inputs: hashOf(['resources/python']), python }));
  return python;
}
