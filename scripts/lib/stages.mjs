import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './command.mjs';
import { CACHE, ROOT } from './paths.mjs';

const REPORTS = join(CACHE, 'test');

function freshReport(name) {
  mkdirSync(REPORTS, { recursive: true });
  const path = join(REPORTS, name);
  rmSync(path, { force: true });
  return path;
}

/** A stage that ended without a report failed as a whole. */
function broken(output) {
  return { passed: 0, failed: 1, skipped: 0, output };
}

/** Counts in vitest's JSON report; files that could not even be loaded count as one failure each. */
export function countVitest(text) {
  const found = JSON.parse(text);
  const unloaded = found.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  return {
    passed: found.numPassedTests,
    failed: found.numFailedTests + unloaded.length,
    skipped: found.numPendingTests + found.numTodoTests,
  };
}

/** Counts in pytest's JUnit report. */
export function countJunit(text) {
  const counts = { tests: 0, failures: 0, errors: 0, skipped: 0 };
  for (const [, attributes] of text.matchAll(/<testsuite ([^>]*)>/g)) {
    for (const name of Object.keys(counts))
      counts[name] += Number(new RegExp(`\\b${name}="(\\d+)"`).exec(attributes)?.[1] ?? 0);
  }
  const failed = counts.failures + counts.errors;
  return { passed: counts.tests - failed - counts.skipped, failed, skipped: counts.skipped };
}

/** Runs one vitest project. */
export async function vitestStage(project, { node, env }) {
  const path = freshReport(`${project}.json`);
  const cli = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [
    cli,
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${path}`,
  ];
  const { code, output } = await capture(node, args, { env: { ...env, NO_COLOR: '1' } });
  return read(path, countVitest, code, output);
}

/** pytest with the interpreter that runs use, so that what is tested is what trains. */
export async function pytestStage(python, { env }) {
  const withPytest = await pytestEnvironment(python, env);
  const path = freshReport('pytest.xml');
  const args = ['-m', 'pytest', 'test/worker', '-q', '-p', 'no:cacheprovider', `--junitxml=${path}`];
  const { code, output } = await capture(python, args, {
    env: { ...withPytest, PYTHONDONTWRITEBYTECODE: '1' },
  });
  return read(path, countJunit, code, output);
}

/** The interpreter's own pytest, or one in a git-ignored folder beside it: its environment is never changed. */
async function pytestEnvironment(python, env) {
  const own = await capture(python, ['-c', 'import pytest'], { env });
  if (own.code === 0) return env;
  const target = join(ROOT, '.tools', 'pytest');
  const beside = { ...env, PYTHONPATH: target };
  const there = await capture(python, ['-c', 'import pytest'], { env: beside });
  if (there.code === 0) return beside;
  const requirements = ['--target', target, '-r', join(ROOT, 'test', 'worker', 'requirements.txt')];
  const pip = await capture(python, ['-m', 'pip', 'install', '-q', ...requirements], { env });
  if (pip.code !== 0)
    await capture('uv', ['pip', 'install', '-q', '--python', python, ...requirements], { env });
  return beside;
}

function read(path, count, code, output) {
  let counts;
  try {
    counts = count(readFileSync(path, 'utf8'));
  } catch {
    return broken(output);
  }
  // An error outside every test, an unhandled rejection for one, shows in the exit code alone.
  return { ...counts, failed: code !== 0 && counts.failed === 0 ? 1 : counts.failed, output };
}
