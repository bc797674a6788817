import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import { runProgram } from '../platform/process-runner.ts';

/** What the code of a suite is. */
export interface CodeChoice {
  /** Absolute. */
  readonly root: string;
  /** Globs, relative to the root. */
  readonly exclude: readonly string[];
  /** Paths that are linked, relative to the root. */
  readonly link: readonly string[];
  readonly limitMb: number;
}

export interface CodeFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly executable: boolean;
  readonly hash: string;
}

export interface CodeListing {
  readonly files: readonly CodeFile[];
  /** SHA-256 over the paths and contents of the files. */
  readonly fingerprint: string;
  readonly git: { readonly commit: string; readonly changed: boolean } | null;
  /** Files too large to be taken for code, with their size. */
  readonly leftOut: readonly { readonly path: string; readonly bytes: number }[];
}

const LARGEST_FILE = 10 * 1024 * 1024;
const MOST_FILES = 5_000;
const GIT_SECONDS = 20;
/** Never code, whatever a folder without git holds. */
const NO_CODE = new Set(['__pycache__', 'node_modules', 'venv', 'site-packages']);
/** Of a workspace that lies in the folder of the code; the folder with `WORKSPACE_MARK` is one. */
const WORKSPACE_FOLDERS = new Set(['.minibatch', 'batches', 'backups', 'trash', 'exports']);
const WORKSPACE_MARK = '.minibatch';

/**
 * The files that are the code of a suite: with git what it tracks and what it does not ignore, else all but hidden
 * files, environments and caches. Throws ExpectedError('usage') for more than the limit.
 */
export async function listCode(choice: CodeChoice): Promise<CodeListing> {
  const tracked = await gitFiles(choice.root);
  const paths = (tracked?.paths ?? (await walk(choice))).filter((path) => !isExcluded(path, choice));
  if (paths.length > MOST_FILES) throw tooMuch(choice, `more than ${MOST_FILES} files`);
  const files: CodeFile[] = [];
  const leftOut: { path: string; bytes: number }[] = [];
  let bytes = 0;
  for (const path of paths.toSorted()) {
    const full = join(choice.root, path);
    const found = await stat(full).catch(() => null);
    // Deleted but still tracked, a submodule, or a link to a folder. A link to a file is that file.
    if (found === null || !found.isFile()) continue;
    if (found.size > LARGEST_FILE) {
      leftOut.push({ path, bytes: found.size });
      continue;
    }
    bytes += found.size;
    if (bytes > choice.limitMb * 2 ** 20) throw tooMuch(choice, `more than ${choice.limitMb} MB`);
    const hash = await hashOf(full, `${found.size} ${found.mtimeMs} ${found.ino}`);
    files.push({ path, bytes: found.size, executable: (found.mode & 0o100) !== 0, hash });
  }
  return { files, fingerprint: fingerprintOf(files), git: tracked?.state ?? null, leftOut };
}

/** A suite file is how the code is used, not the code: adding a value to a sweep must not run everything again. */
export function fingerprintOf(files: readonly Pick<CodeFile, 'path' | 'hash' | 'executable'>[]): string {
  const all = createHash('sha256');
  for (const { path, hash, executable } of files)
    if (!/\.minibatch\.ya?ml$/.test(path)) all.update(`${path}\0${hash}\0${executable ? 'x' : '-'}\n`);
  return all.digest('hex');
}

export function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    .replace(/\/$/, '/**')
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/\*\*\/|\*\*|\*|\?/g, (mark) =>
      mark === '**/' ? '(?:.*/)?' : mark === '**' ? '.*' : mark === '*' ? '[^/]*' : '[^/]',
    );
  return new RegExp(`^${source}(?:/.*)?$`);
}

function isExcluded(path: string, { exclude, link }: CodeChoice): boolean {
  return [...exclude, ...link].some((glob) => globPattern(glob).test(path));
}

interface GitFiles {
  readonly paths: string[];
  readonly state: { readonly commit: string; readonly changed: boolean };
}

async function gitFiles(root: string): Promise<GitFiles | null> {
  const listed = await git(root, ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  const commit = await git(root, ['rev-parse', 'HEAD']);
  if (listed === null || commit === null) return null;
  const paths = withoutWorkspaces([...new Set(listed.split('\0').filter((path) => path !== ''))]);
  const changed = (await git(root, ['status', '--porcelain', '-z', '--', '.'])) !== '';
  return { paths, state: { commit: commit.trim(), changed } };
}

/** Standard output, null = no git, no repository or no commit. */
export async function git(root: string, args: readonly string[]): Promise<string | null> {
  const result = await runProgram('git', ['-c', 'core.fsmonitor=false', '-C', root, ...args], {
    timeout: GIT_SECONDS,
    maxBuffer: 16 * 2 ** 20,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
  });
  return result.kind === 'ended' && result.exitCode === 0 ? result.stdout : null;
}

/** Results of earlier batches are no code, and change with every run. */
function withoutWorkspaces(paths: readonly string[]): string[] {
  const marks = paths.flatMap((path) => /^(?:.*\/)?(?=\.minibatch\/)/.exec(path)?.[0] ?? []);
  const workspaces = [...new Set(marks)];
  return paths.filter(
    (path) =>
      !workspaces.some(
        (workspace) =>
          path.startsWith(workspace) &&
          WORKSPACE_FOLDERS.has(path.slice(workspace.length).split('/', 1)[0] ?? ''),
      ),
  );
}

async function walk(choice: CodeChoice): Promise<string[]> {
  const found: string[] = [];
  const open = [''];
  for (let folder = open.shift(); folder !== undefined; folder = open.shift()) {
    const entries = await readdir(join(choice.root, folder), { withFileTypes: true }).catch(() => []);
    if (folder !== '' && entries.some((entry) => entry.name === 'pyvenv.cfg')) continue;
    const isWorkspace = entries.some((entry) => entry.name === WORKSPACE_MARK);
    for (const entry of entries) {
      if (isWorkspace && WORKSPACE_FOLDERS.has(entry.name)) continue;
      if (entry.name.startsWith('.') || NO_CODE.has(entry.name) || entry.name.endsWith('.pyc')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isExcluded(path, choice)) continue;
      if (entry.isDirectory()) open.push(path);
      else found.push(path);
    }
    if (found.length > MOST_FILES || open.length > MOST_FILES)
      throw tooMuch(choice, `more than ${MOST_FILES} files`);
  }
  return found;
}

/** Contents by path; a plan is made at every change of a form, and files seldom change. */
const known = new Map<string, { stamp: string; hash: string }>();

async function hashOf(path: string, stamp: string): Promise<string> {
  const before = known.get(path);
  if (before?.stamp === stamp) return before.hash;
  const hash = await hashFile(path);
  if (known.size > 4 * MOST_FILES) known.clear();
  known.set(path, { stamp, hash });
  return hash;
}

export async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  const small = await stat(path);
  if (small.size < 2 ** 20) return digest.update(await readFile(path)).digest('hex');
  for await (const piece of createReadStream(path)) digest.update(piece as Buffer);
  return digest.digest('hex');
}

function tooMuch({ root }: CodeChoice, what: string): ExpectedError {
  return new ExpectedError(
    'usage',
    `The code in ${root} cannot be frozen: it has ${what}. Name folders that do not belong to it under code.exclude, data under code.link, raise code.limitMb, or say code.freeze: false.`,
  );
}
