import { ExpectedError } from '../model/error.ts';

/** A folder on another machine, as `ssh` and `rsync` name it. */
export interface RemoteFolder {
  /** `user@host`, or an alias of the person's ssh configuration. */
  readonly host: string;
  /** Relative to the home folder there, unless it begins with a slash. */
  readonly path: string;
}

/** Seconds. */
export const REMOTE_LIMITS = { connect: 15, silence: 60 } as const;

/** Of a workspace or an exported array: what no import looks at. Patterns of rsync, those with a slash from the top. */
const LEFT_OUT = [
  ...['/.minibatch/', '/trash/', '/backups/', '/cache/', '/code/', '/batches/*/code/'],
  ...['checkpoint/', '__pycache__/'],
];

const HOST = /^(?:[A-Za-z0-9_][\w.+-]*@)?(?:[A-Za-z0-9_][\w.-]*|\[[0-9a-fA-F:.]+\])$/;
/** What the shell over there could take for more than a name; older rsync hands the path to it as it is. */
const PLAIN_PATH = /^[\p{L}\p{M}\p{N}/._+@%=,~-]+$/u;

/**
 * `host:path` as rsync reads it: a colon before any slash. Null = a folder of this machine. Throws ExpectedError for a
 * host or a path that must not reach a command line.
 */
export function remoteFolder(text: string): RemoteFolder | null {
  const colon = text.startsWith('[') || text.includes('@[') ? text.indexOf(']:') + 1 : text.indexOf(':');
  if (colon < 1 || text.slice(0, colon).includes('/')) return null;
  const host = text.slice(0, colon);
  const path = text.slice(colon + 1).replace(/^~(?:\/|$)/, '');
  if (!HOST.test(host))
    throw new ExpectedError(
      'usage',
      `"${host}" is no name of a machine: write user@host:folder. A folder of this machine whose name has a colon is written with a slash before it: ./${text}`,
    );
  if (path !== '' && (!PLAIN_PATH.test(path) || path.startsWith('-') || path.startsWith('~')))
    throw new ExpectedError(
      'usage',
      `The folder "${path}" on ${host} has blanks or signs that a shell would read. Make a link there with a plain name, and name that.`,
    );
  return { host, path };
}

/**
 * What rsync is told. Only plain files come over: a link could lead anywhere. Files are written in place, so that a copy
 * that was cut off goes on with what is there, also of a file.
 */
export function rsyncArguments(
  { host, path }: RemoteFolder,
  target: string,
  dryRun: boolean,
): readonly string[] {
  const { connect, silence } = REMOTE_LIMITS;
  // Nothing is ever asked: not a password, and not whether an unknown host is trusted.
  const ssh = `ssh -o BatchMode=yes -o ConnectTimeout=${connect} -o ServerAliveInterval=${connect} -o ServerAliveCountMax=4`;
  return [
    ...['-rtz', '-v', '--inplace', `--timeout=${silence}`, '-e', ssh],
    ...(dryRun ? ['--dry-run'] : []),
    ...LEFT_OUT.map((pattern) => `--exclude=${pattern}`),
    '--',
    `${host}:${path === '' ? '.' : path}/`,
    `${target}/`,
  ];
}

/** Files that rsync names, and those of them that are results. */
export function copiedFiles(printed: string): { files: number; results: number } {
  const lines = printed.split('\n').map((line) => line.trim());
  const files = lines.filter(
    (line) =>
      line !== '' &&
      !line.endsWith('/') &&
      !/^(receiving |sent |total size |created directory |skipping |deleting |building file list)/.test(line),
  );
  const results = files.filter((line) => line === 'result.json' || line.endsWith('/result.json'));
  return { files: files.length, results: results.length };
}

/** What went wrong, and the way out. `exitCode` null = it was ended because it took too long. */
export function copyProblem(
  { host, path }: RemoteFolder,
  ended: { readonly exitCode: number | null; readonly stderr: string },
): ExpectedError {
  const { exitCode, stderr } = ended;
  const said = (pattern: RegExp): boolean => pattern.test(stderr);
  if (said(/REMOTE HOST IDENTIFICATION HAS CHANGED/))
    return new ExpectedError(
      'not-possible-now',
      `The host key of ${host} is another than before, so nothing was fetched. If that machine was set up anew, take the old key away with "ssh-keygen -R" and the host's name, and connect once by hand.`,
    );
  if (said(/Host key verification failed|host key is known/))
    return new ExpectedError(
      'not-possible-now',
      `${host} is not known to this machine. Connect once by hand with "ssh ${host}", compare its fingerprint, and try again.`,
    );
  if (said(/Permission denied \([a-z,-]+\)|Too many authentication failures|No supported authentication/))
    return new ExpectedError(
      'not-possible-now',
      `${host} does not take a key of yours, and no password is asked for here. "ssh-copy-id ${host}" puts a key there; "ssh-add" unlocks one that has a passphrase.`,
    );
  if (said(/Could not resolve hostname|not known|nodename nor servname/))
    return new ExpectedError('not-found', `There is no machine ${host}: its name cannot be resolved.`);
  if (said(/Failed to exec ssh|exec ssh.*No such file/))
    return new ExpectedError('not-possible-now', 'ssh is not installed on this machine. Install OpenSSH.');
  if (said(/rsync: (?:command )?not found|command not found: rsync|rsync: No such file/))
    return new ExpectedError(
      'not-possible-now',
      `rsync is not installed on ${host}. Install it there (Debian and Ubuntu: apt install rsync).`,
    );
  if (said(/change_dir .*No such file|link_stat .*No such file|Not a directory/))
    return new ExpectedError(
      'not-found',
      `There is no folder ${path === '' ? '~' : path} on ${host}. A path without a slash before it begins in the home folder there.`,
    );
  if (said(/No space left on device|Disk quota exceeded/) && exitCode === 11)
    return new ExpectedError(
      'disk-full',
      'The disk of the workspace is full. Free some space; the same command then goes on.',
    );
  if (said(/ssh: connect to host .*|Connection timed out during banner exchange/))
    return new ExpectedError(
      'not-possible-now',
      `${host} does not answer (${lastLine(stderr, /^ssh: connect|banner exchange/)}).`,
    );
  if (exitCode === null || CUT.has(exitCode))
    return new ExpectedError(
      'disconnected',
      `The connection to ${host} was cut${exitCode === null ? ', or took too long' : ''}. What was fetched stays: the same command goes on from there.`,
    );
  return new ExpectedError(
    'not-possible-now',
    `rsync could not fetch everything from ${host} (exit code ${exitCode}: ${lastLine(stderr, /./)}). What was fetched stays; nothing was imported.`,
  );
}

/** Exit codes of rsync for a stream that ended, and of ssh for whatever it could not name. */
const CUT: ReadonlySet<number> = new Set([10, 12, 20, 30, 35, 255]);

/** The last words of rsync itself say least. */
function lastLine(text: string, wanted: RegExp): string {
  const lines = text.split('\n').map((line) => line.trim());
  const own = lines.filter((line) => line !== '' && !line.startsWith('rsync error:') && wanted.test(line));
  return (own.at(-1) ?? 'it said nothing').slice(0, 300).replace(/\.$/, '');
}
