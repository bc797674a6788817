import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Interpreter } from '../../shared/model/python.ts';
import { failureOf, type RunProgram } from '../platform/process-runner.ts';
import { normalArchitecture } from './judge.ts';

/** One program to run on the way to an environment. */
export interface InstallStep {
  readonly command: string;
  readonly args: readonly string[];
  /** What it does, for people: "Creating the environment". */
  readonly title: string;
}

export interface InstallPlan {
  readonly tool: 'uv' | 'pip';
  readonly steps: readonly InstallStep[];
  readonly env: Readonly<Record<string, string>>;
}

/** The pinned packages exist for these; the newest is tried last, because wheels come late for it. */
const preferredVersions: readonly string[] = ['3.12', '3.13', '3.11', '3.14'];

/** uv gets its own Python when the machine has none. */
const UV_PYTHON_VERSION = '3.12';

/**
 * Interpreters that an environment can be built on, best first: native, of a version the pinned packages are
 * made for. The one that the person's own `python3` leads to (`usualPrefix`) goes before all others: a
 * machine with wheels of its own has them for that one. Pure.
 */
export function basePythons(
  interpreters: readonly Interpreter[],
  options: { architecture: string; usualPrefix: string | null },
): Interpreter[] {
  const rank = ({ probe: { facts } }: Interpreter): number => {
    if (!facts || normalArchitecture(facts.architecture) !== normalArchitecture(options.architecture))
      return -1;
    const version = preferredVersions.indexOf(facts.version.split('.').slice(0, 2).join('.'));
    return version >= 0 && facts.prefix === options.usualPrefix ? 0 : version < 0 ? -1 : version + 1;
  };
  return interpreters
    .filter((one) => one.origin !== 'managed' && rank(one) >= 0)
    .toSorted((a, b) => rank(a) - rank(b));
}

/** Prefix of the Python that `python3` means in the person's terminal, also through a shim; null on a Mac. */
export async function usualPrefix(options: {
  run: RunProgram;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string>>;
}): Promise<string | null> {
  // On a Mac it may be the placeholder that opens an install dialog.
  if (options.platform === 'darwin') return null;
  const result = await options.run('python3', ['-c', 'import sys; print(sys.prefix)'], {
    timeout: 10,
    env: options.env,
  });
  return failureOf(result) === null ? result.stdout.trim() : null;
}

/** uv in the places where it is installed, or null. */
export async function findUv(options: {
  run: RunProgram;
  home: string;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<string | null> {
  const folders = [
    ...(options.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/')),
    // The PATH of an app started from Finder has none of these.
    join(options.home, '.local', 'bin'),
    join(options.home, '.cargo', 'bin'),
    '/opt/homebrew/bin',
    '/usr/local/bin',
  ];
  for (const folder of new Set(folders)) {
    const path = join(folder, 'uv');
    if (failureOf(await options.run(path, ['--version'], { timeout: 10 })) === null) return path;
  }
  return null;
}

/**
 * True when packages come to this machine by a way that only pip knows (an index or a folder in pip's own
 * settings, which uv does not read).
 */
export async function needsPip(options: {
  home: string;
  env: Readonly<Record<string, string | undefined>>;
}): Promise<boolean> {
  const { env, home } = options;
  if (
    ['UV_DEFAULT_INDEX', 'UV_INDEX_URL', 'UV_INDEX', 'UV_FIND_LINKS', 'UV_CONFIG_FILE'].some(
      (name) => env[name],
    )
  ) {
    return false;
  }
  if (['PIP_INDEX_URL', 'PIP_EXTRA_INDEX_URL', 'PIP_FIND_LINKS', 'PIP_CONFIG_FILE'].some((name) => env[name]))
    return true;
  const files = [
    '/etc/pip.conf',
    '/etc/xdg/pip/pip.conf',
    '/Library/Application Support/pip/pip.conf',
    join(home, 'Library', 'Application Support', 'pip', 'pip.conf'),
    join(home, '.config', 'pip', 'pip.conf'),
    join(home, '.pip', 'pip.conf'),
  ];
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.some((text) => /^\s*(extra-)?index-url|^\s*find-links/m.test(text));
}

/** The programs that make an environment in `folder`. No address is ever passed: the machine's settings count. */
export function planInstall(options: {
  uv: string | null;
  base: string | null;
  folder: string;
  requirements: string;
  dataFolder: string;
  env: Readonly<Record<string, string>>;
}): InstallPlan | null {
  const { uv, base, folder, requirements, dataFolder } = options;
  const python = join(folder, 'bin', 'python');
  if (uv !== null) {
    return {
      tool: 'uv',
      steps: [
        {
          title: 'Creating the environment',
          command: uv,
          args: ['venv', '--seed', '--python', base ?? UV_PYTHON_VERSION, folder],
        },
        {
          title: 'Installing torch, numpy and scipy',
          command: uv,
          args: ['pip', 'install', '--python', python, '--requirement', requirements],
        },
      ],
      env: {
        ...options.env,
        UV_PYTHON_INSTALL_DIR: join(dataFolder, 'python', 'interpreters'),
        UV_CACHE_DIR: options.env.UV_CACHE_DIR ?? join(dataFolder, 'python', 'cache'),
        UV_NO_PROGRESS: '1',
      },
    };
  }
  if (base === null) return null;
  return {
    tool: 'pip',
    steps: [
      { title: 'Creating the environment', command: base, args: ['-m', 'venv', folder] },
      {
        title: 'Installing torch, numpy and scipy',
        command: python,
        args: [
          ...['-m', 'pip', 'install', '--progress-bar', 'off', '--no-input', '--disable-pip-version-check'],
          ...['--requirement', requirements],
        ],
      },
    ],
    env: { ...options.env },
  };
}
