import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Interpreter } from '../../shared/model/python.ts';
import { managedPython } from './current-environment.ts';

/** An interpreter that lies there, not yet executed. */
export interface Candidate {
  readonly path: string;
  readonly origin: Interpreter['origin'];
}

export interface SearchOptions {
  /** A program or the folder of an environment, as a person named it. Listed even if nothing is there. */
  readonly given?: string | undefined;
  /** The program that was chosen for all runs on this machine. Listed even if nothing is there. */
  readonly chosen?: string | undefined;
  /** Folders that may hold `.venv` or `venv`. */
  readonly projectFolders: readonly string[];
  readonly dataFolder: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Interpreters in the order in which they are preferred: given, chosen, project, managed, uv, conda, pyenv, Homebrew,
 * python.org, system. Executes nothing. Two names of the same program in the same environment count once,
 * under the first name.
 */
export async function findInterpreters(options: SearchOptions): Promise<Candidate[]> {
  const groups = await Promise.all([
    givenPython(options.given),
    Promise.resolve(of('chosen')(options.chosen === undefined ? [] : [options.chosen])),
    first(
      options.projectFolders.flatMap((folder) => ['.venv', 'venv'].map((name) => join(folder, name, PYTHON))),
    ).then(of('project')),
    managedPython(options.dataFolder).then((path) => of('managed')(path === null ? [] : [path])),
    uvPythons(options).then(of('uv')),
    condaPythons(options).then(of('conda')),
    pyenvPythons(options).then(of('pyenv')),
    ...(options.platform === 'darwin'
      ? [
          numbered('/opt/homebrew/bin').then(of('homebrew')),
          frameworkPythons().then(of('python.org')),
          numbered('/usr/local/bin').then(of('python.org')),
          first(['/usr/bin/python3']).then(of('system')),
        ]
      : [systemPythons(options).then(of('system'))]),
  ]);
  return unique(groups.flat());
}

const PYTHON = join('bin', 'python');

async function givenPython(given: string | undefined): Promise<Candidate[]> {
  if (given === undefined) return [];
  const path = resolve(given);
  const isFolder = (await stat(path).catch(() => null))?.isDirectory() === true;
  return [{ path: isFolder ? join(path, PYTHON) : path, origin: 'given' }];
}

async function uvPythons({ env, home }: SearchOptions): Promise<string[]> {
  const folder = env.UV_PYTHON_INSTALL_DIR || join(home, '.local', 'share', 'uv', 'python');
  const names = (await list(folder)).filter((name) => name.startsWith('cpython-'));
  return first(newestFirst(names).map((name) => join(folder, name, 'bin', 'python3')));
}

async function condaPythons({ env, home, platform }: SearchOptions): Promise<string[]> {
  const roots = [
    ...['miniforge3', 'miniconda3', 'anaconda3', 'mambaforge'].map((name) => join(home, name)),
    ...(platform === 'darwin'
      ? ['/opt/homebrew/Caskroom/miniforge/base', '/opt/homebrew/Caskroom/miniconda/base']
      : []),
    ...(platform === 'darwin' ? [] : ['/opt/conda']),
  ];
  const environments = await Promise.all(
    roots.map(async (root) => {
      const names = await list(join(root, 'envs'));
      return [...names.map((name) => join(root, 'envs', name)), root];
    }),
  );
  // The environment that the person has switched on comes before those that merely exist.
  const active = env.CONDA_PREFIX ? [env.CONDA_PREFIX] : [];
  return first([...active, ...environments.flat()].map((folder) => join(folder, PYTHON)));
}

async function pyenvPythons({ env, home }: SearchOptions): Promise<string[]> {
  const folder = join(env.PYENV_ROOT || join(home, '.pyenv'), 'versions');
  return first(newestFirst(await list(folder)).map((name) => join(folder, name, PYTHON)));
}

async function frameworkPythons(): Promise<string[]> {
  const folder = '/Library/Frameworks/Python.framework/Versions';
  const names = (await list(folder)).filter((name) => /^3\.\d+$/.test(name));
  return first(newestFirst(names).map((name) => join(folder, name, 'bin', 'python3')));
}

async function systemPythons({ env }: SearchOptions): Promise<string[]> {
  const folders = (env.PATH ?? '').split(':').filter((folder) => folder.startsWith('/'));
  const found = await first(
    [...folders, '/usr/local/bin', '/usr/bin'].map((folder) => join(folder, 'python3')),
  );
  // A shim of pyenv is a script that chooses one of the versions listed already.
  return found.filter((path) => !path.includes('pyenv/shims/'));
}

async function numbered(folder: string): Promise<string[]> {
  const names = (await list(folder)).filter((name) => /^python3\.\d+$/.test(name));
  return first(newestFirst(names).map((name) => join(folder, name)));
}

function of(origin: Candidate['origin']): (paths: readonly string[]) => Candidate[] {
  return (paths) => paths.map((path) => ({ path, origin }));
}

/** Keeps the files that exist, in their order. */
async function first(paths: readonly string[]): Promise<string[]> {
  const present = await Promise.all(
    paths.map(async (path) => (await stat(path).catch(() => null))?.isFile() === true),
  );
  return paths.filter((_, index) => present[index]);
}

async function unique(candidates: readonly Candidate[]): Promise<Candidate[]> {
  const keys = await Promise.all(candidates.map(({ path }) => identityOf(path)));
  return candidates.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

/**
 * The real program together with its environment: the python of every venv is a link to the same program, and
 * only the folder with `pyvenv.cfg` tells them apart.
 */
async function identityOf(path: string): Promise<string> {
  const environment = dirname(dirname(path));
  const isVenv = (await stat(join(environment, 'pyvenv.cfg')).catch(() => null)) !== null;
  const program = await realpath(path).catch(() => path);
  return isVenv ? `${program}|${await realpath(environment).catch(() => environment)}` : program;
}

function newestFirst(names: readonly string[]): string[] {
  return names.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
