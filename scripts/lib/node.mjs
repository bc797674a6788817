import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { must, report } from './command.mjs';
import { ROOT } from './paths.mjs';

/** The line that Electron bundles. */
const NODE_VERSION = '24.21.0';
const OLDEST_MAJOR = 22;
/** better-sqlite3 crashes instead of complaining below this level of Node-API. */
const OLDEST_NODE_API = 10;

function isFit(versions) {
  return Number(versions.node.split('.')[0]) >= OLDEST_MAJOR && Number(versions.napi) >= OLDEST_NODE_API;
}

/** How to start npm: the one that started us when there is one, so that a second npm is never mixed in. */
export function npmCommand(node) {
  const cli = process.env.npm_execpath;
  return cli?.endsWith('npm-cli.js') ? [node, [cli]] : ['npm', []];
}

/** A Node that is new enough, as an absolute path: the running one, or one fetched into a git-ignored folder. */
export async function ensureNode() {
  if (isFit(process.versions)) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  const node = join(ROOT, '.tools', 'node_modules', name, 'bin', 'node');
  if (existsSync(node)) return node;
  report(`Fetching Node ${NODE_VERSION} (this machine has ${process.versions.node})`);
  // npm wants the folder to be there.
  mkdirSync(join(ROOT, '.tools'), { recursive: true });
  const [npm, prefix] = npmCommand(process.execPath);
  await must(
    npm,
    [...prefix, 'install', '--prefix', join(ROOT, '.tools'), `${name}@${NODE_VERSION}`, '--no-save'],
    {
      wayOut: `Check the network, or install Node ${OLDEST_MAJOR} or newer yourself.`,
    },
  );
  return node;
}

/** Environment in which `node` and everything npm starts is the given Node. */
export function withNode(node, env = process.env) {
  return { ...env, PATH: `${dirname(node)}${delimiter}${env.PATH ?? ''}` };
}
