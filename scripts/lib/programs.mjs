import { accessSync, constants } from 'node:fs';
import { capture, report } from './command.mjs';

export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Installs a package where that needs no question: as root on Debian. What the installer said last; null = not done here. */
export async function installUnasked(name) {
  if (process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) return null;
  report(`Installing ${name} (apt-get install ${name})`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await capture('apt-get', ['update'], { env });
  const installed = await capture('apt-get', ['install', '--yes', '--no-install-recommends', name], { env });
  return installed.output.trimEnd().split('\n').at(-1) ?? '';
}
