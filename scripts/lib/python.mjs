import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, failure } from './command.mjs';
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
  const doctor = (args, live) => capture(node, [HEADLESS, 'doctor', ...args, '--json'], { env, live });
  // Doctor also fails for other reasons, a full disk for one; what counts here is whether it chose an interpreter.
  let python = chosenIn((await doctor([], false)).stdout);
  if (python === null) {
    const result = await doctor(['--prepare'], true);
    python = chosenIn(result.stdout);
    if (python === null)
      throw failure('minibatch doctor --prepare', result, 'No run can start without a Python.');
  }
  writeStamp(STAMP, JSON.stringify({ inputs: hashOf(['resources/python']), python }));
  return python;
}

/** The chosen interpreter in the document on the last line, or null. */
function chosenIn(stdout) {
  try {
    return JSON.parse(stdout.trimEnd().split('\n').at(-1)).chosen;
  } catch {
    return null;
  }
}
