import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, report } from './command.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = ['Chromium', 'Google Chrome'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of a Chromium, or null. `MINIBATCH_CHROMIUM` names one that is elsewhere. */
export function findChromium(env = process.env) {
  const places = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return (
    [env.MINIBATCH_CHROMIUM ?? '', ...places, ...MAC_APPS].find((path) => path && isProgram(path)) ?? null
  );
}

/** Like `findChromium`, but installs one where that needs no question: as root on Debian. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return { path: found, sentence: '' };
  const sentence = 'no Chromium; install Chromium or Chrome, or name one in MINIBATCH_CHROMIUM';
  if (process.getuid?.() !== 0 || !isProgram('/usr/bin/apt-get')) return { path: null, sentence };
  report('Installing Chromium (apt-get install chromium)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await capture('apt-get', ['update'], { env });
  const installed = await capture('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], {
    env,
  });
  const path = findChromium();
  return {
    path,
    sentence: path ? '' : `${sentence} (apt-get: ${installed.output.trimEnd().split('\n').at(-1)})`,
  };
}
