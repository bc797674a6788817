import { delimiter, join } from 'node:path';
import { installUnasked, isProgram } from './programs.mjs';

/** Path of rsync, or null. */
export function findRsync(env = process.env) {
  const places = (env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'rsync'));
  return places.find(isProgram) ?? null;
}

/** Like `findRsync`, but installs one where that needs no question. Tests that need it name what they skip without it. */
export async function ensureRsync() {
  const found = findRsync();
  if (found) return found;
  await installUnasked('rsync');
  return findRsync();
}
