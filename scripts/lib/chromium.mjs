import { delimiter, join } from 'node:path';
import { installUnasked, isProgram } from './programs.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPS = ['Chromium', 'Google Chrome'].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

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
  const said = await installUnasked('chromium');
  if (said === null) return { path: null, sentence };
  const path = findChromium();
  return { path, sentence: path ? '' : `${sentence} (apt-get: ${said})` };
}
