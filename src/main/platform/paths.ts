import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';

/** What paths depend on. Empty variables count as not set. */
export interface PathSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

export function systemSurroundings(): PathSurroundings {
  return { env: process.env, platform: process.platform, home: homedir() };
}

/** Where things live that belong to the user and not to a workspace: managed Python, probe cache, settings. */
export function dataFolder(at: PathSurroundings): string {
  const given = at.env.MINIBATCH_DATA;
  if (given) return absolute(given, at.home);
  if (at.platform === 'darwin') return join(at.home, 'Library', 'Application Support', 'Minibatch');
  const base = at.env.XDG_DATA_HOME;
  // The XDG rules say that a relative value is to be ignored.
  return join(base && isAbsolute(base) ? base : join(at.home, '.local', 'share'), 'minibatch');
}

/** The workspace when none is given on the command line or in the settings. */
export function defaultWorkspace(at: PathSurroundings): string {
  const given = at.env.MINIBATCH_WORKSPACE;
  return given ? absolute(given, at.home) : join(at.home, 'Minibatch');
}

/**
 * The folder that holds `python/` and `workloads/`, as plain files that other programs can read.
 * `from` is the folder of the running code. Tried in order: MINIBATCH_RESOURCES; the packaged app's own
 * resources (`packagedFolder` is Electron's `process.resourcesPath`); then `resources/` in `from` and in every
 * folder above it, which covers both the sources and the built bundle in `out/`.
 * Throws ExpectedError('not-found') when nothing fits: the installation is damaged.
 */
export function resourcesFolder(options: {
  from: string;
  env: PathSurroundings['env'];
  packagedFolder?: string | undefined;
}): string {
  const candidates = [
    ...(options.env.MINIBATCH_RESOURCES ? [resolve(options.env.MINIBATCH_RESOURCES)] : []),
    ...(options.packagedFolder ? [join(options.packagedFolder, 'resources'), options.packagedFolder] : []),
    ...foldersAbove(options.from).map((folder) => join(folder, 'resources')),
  ];
  const found = candidates.find((folder) => existsSync(join(folder, 'python', 'minibatch')));
  if (found) return found;
  throw new ExpectedError(
    'not-found',
    `The folder "resources" of Minibatch was not found from ${options.from}: install Minibatch again.`,
  );
}

function foldersAbove(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}

function absolute(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : resolve(path);
}
