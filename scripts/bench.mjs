import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asProgram, report } from './lib/command.mjs';
import { launch, WITH_STARTER } from './lib/launch.mjs';
import { ROOT } from './lib/paths.mjs';
import { setUp } from './setup.mjs';

const FOLDER = join(ROOT, 'bench');

/** A benchmark is a file in bench/: Python runs with the chosen interpreter, TypeScript with Node. */
async function main([name, ...args]) {
  const names = readdirSync(FOLDER)
    .filter((file) => /\.(py|ts)$/.test(file))
    .map((file) => file.replace(/\.\w+$/, ''));
  if (!name || !names.includes(name)) {
    report(`Usage: npm run bench -- <${names.join('|')}> [options]`);
    return 2;
  }
  const { node, env, python } = await setUp();
  const script = join(FOLDER, `${name}.py`);
  if (!existsSync(script)) {
    return launch(node, ['--import', WITH_STARTER, join(FOLDER, `${name}.ts`), ...args], {
      env: { ...env, ...(python && { MINIBATCH_PYTHON: python }) },
    });
  }
  if (!python) {
    report('This benchmark needs a Python with torch; "npm start -- doctor" shows what was tried.');
    return 1;
  }
  return launch(python, [script, ...args], { env });
}

await asProgram(() => main(process.argv.slice(2)));
