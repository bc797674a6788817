import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asProgram, capture, report } from './lib/command.mjs';
import { lockfileProblems } from './lib/lockfile.mjs';
import { ensureNode, withNode } from './lib/node.mjs';
import { ROOT } from './lib/paths.mjs';
import { deadExports, textProblems } from './lib/text-rules.mjs';

const BINARY = /\.(png|icns|ico|woff2?|sqlite|gz|zip|pt|npy|npz)$/;

async function repositoryFiles() {
  const { stdout } = await capture('git', ['ls-files', '--cached', '--others', '--exclude-standard']);
  return stdout.split('\n').filter((path) => path && !BINARY.test(path));
}

function readAll(paths) {
  const texts = {};
  for (const path of paths) {
    try {
      texts[path] = readFileSync(join(ROOT, path), 'utf8');
    } catch (error) {
      // Deleted, but not yet committed as such.
      if (error.code !== 'ENOENT') throw error;
    }
  }
  return texts;
}

function matching(texts, pattern) {
  return Object.fromEntries(Object.entries(texts).filter(([path]) => pattern.test(path)));
}

/** Name and check; a check resolves to the problems it found, as text. */
function checks(env) {
  const tool = async (command, ...args) => {
    const { code, output } = await capture(process.execPath, [join(ROOT, 'node_modules', command), ...args], {
      env,
    });
    return code === 0 ? [] : [output.trimEnd()];
  };
  return {
    types: () => tool('typescript/bin/tsc', '-p', ROOT),
    'lint and layers': () => tool('oxlint/bin/oxlint', '--deny-warnings'),
    format: () => tool('@biomejs/biome/bin/biome', 'format', '--max-diagnostics=20'),
    lockfile: async () => lockfileProblems(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))),
    text: async () =>
      Object.entries(readAll(await repositoryFiles())).flatMap(([path, text]) => textProblems(path, text)),
    'unused exports': async () => {
      const texts = readAll(await repositoryFiles());
      return deadExports(matching(texts, /^src\/.*\.tsx?$/), matching(texts, /\.(tsx?|mjs)$/));
    },
  };
}

/** Runs every check and prints what it found. Returns how many passed and failed. */
export async function runChecks(env) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, check] of Object.entries(checks(env))) {
    const problems = await check();
    counts[problems.length === 0 ? 'passed' : 'failed'] += 1;
    if (problems.length > 0) report(`${name}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  return counts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await asProgram(async () => {
    const node = await ensureNode();
    const { passed, failed } = await runChecks(withNode(node));
    report(`${passed} checks passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  });
}
