import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** An interpreter for tests that need the standard library only. Throws where there is none. */
export function findPython(): string {
  const candidates = [
    process.env.MINIBATCH_TEST_PYTHON,
    '/usr/bin/python3',
    '/usr/local/bin/python3',
    '/opt/homebrew/bin/python3',
    join(homedir(), '.local', 'bin', 'python3'),
  ];
  const found = candidates.find((path) => path !== undefined && path !== '' && isExecutable(path));
  if (!found) throw new Error('No Python was found for the tests; set MINIBATCH_TEST_PYTHON to one.');
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
