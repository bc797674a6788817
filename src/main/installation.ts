import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  dataFolder,
  defaultWorkspace,
  type PathSurroundings,
  resourcesFolder,
  systemSurroundings,
} from './platform/paths.ts';

/** Where this copy of Minibatch and its user's things lie. The same from the sources and from each bundle. */
export interface Installation {
  readonly surroundings: PathSurroundings;
  readonly version: string;
  readonly resources: string;
  readonly dataFolder: string;
  readonly defaultWorkspace: string;
  /** Built window. */
  readonly rendererFolder: string;
  /** Writes a bug with its stack to a file of the data folder; returns which. Never throws. */
  reportBug(error: unknown, where: string): string;
}

/** `packagedFolder`: Electron's folder of extra resources, in a packaged app only. */
export function locateInstallation(packagedFolder?: string): Installation {
  const surroundings = systemSurroundings();
  const from = import.meta.dirname;
  // `src/main`, `out/main` and `out/headless` all lie two levels below the root.
  const root = join(from, '..', '..');
  const data = dataFolder(surroundings);
  return {
    surroundings,
    version: readVersion(join(root, 'package.json')),
    resources: resourcesFolder({ from, env: surroundings.env, packagedFolder }),
    dataFolder: data,
    defaultWorkspace: defaultWorkspace(surroundings),
    rendererFolder: join(root, 'out', 'renderer'),
    reportBug: (error, where) => writeBug(join(data, 'logs'), error, where),
  };
}

function readVersion(path: string): string {
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  return version;
}

function writeBug(folder: string, error: unknown, where: string): string {
  const path = join(folder, 'errors.log');
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  try {
    mkdirSync(folder, { recursive: true });
    appendFileSync(path, `${new Date().toISOString()} ${where}: ${text}\n`);
    return path;
  } catch {
    // The disk may be what is broken; then standard error is all that is left.
    process.stderr.write(`${where}: ${text}\n`);
    return 'the lines above';
  }
}
