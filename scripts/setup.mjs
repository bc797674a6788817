import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asProgram, must, report, SetupError } from './lib/command.mjs';
import { ensureNode, npmCommand, withNode } from './lib/node.mjs';
import { HEADLESS, OUT, ROOT } from './lib/paths.mjs';
import { preparedPython, preparePython } from './lib/python.mjs';
import { hashOf, readStamp, writeStamp } from './lib/stamp.mjs';

const DEPENDENCIES_STAMP = join(ROOT, 'node_modules', '.minibatch-stamp');
const BUILD_STAMP = join(OUT, '.stamp');
const BUILD_INPUTS = ['src', 'scripts/build.mjs', 'package-lock.json'];

async function installDependencies(node, env) {
  const inputs = hashOf(['package-lock.json']);
  if (readStamp(DEPENDENCIES_STAMP) === inputs) return;
  report('Installing dependencies (npm ci)');
  const [npm, prefix] = npmCommand(node);
  await must(npm, [...prefix, 'ci', '--no-progress'], {
    env,
    wayOut: 'Check the network and run the command again.',
  });
  writeStamp(DEPENDENCIES_STAMP, inputs);
}

async function build(node, env) {
  const inputs = hashOf(BUILD_INPUTS);
  if (readStamp(BUILD_STAMP) === inputs && existsSync(HEADLESS)) return;
  report('Building');
  await must(node, [join(ROOT, 'scripts', 'build.mjs')], {
    env: { ...env, NO_COLOR: '1' },
    wayOut: 'The sources do not build; "npm run check" tells more.',
  });
  writeStamp(BUILD_STAMP, inputs);
}

/** A missing Python stops runs, not the app: the app itself says what to do. */
async function python(node, env) {
  const prepared = preparedPython();
  if (prepared) return prepared;
  report('Preparing Python');
  try {
    return await preparePython(node, env);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    report(error.message);
    return null;
  }
}

/**
 * Everything a fresh clone needs. A step is skipped when its inputs are those of the last time, so a second start does nothing.
 * Returns `{ node, env, python }`: the Node to use, an environment with it first on PATH, and the interpreter or null.
 */
export async function setUp() {
  const node = await ensureNode();
  const env = withNode(node);
  await installDependencies(node, env);
  await build(node, env);
  return { node, env, python: await python(node, env) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await asProgram(async () => {
    await setUp();
    report('Ready');
    return 0;
  });
}
