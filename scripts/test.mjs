import { runChecks } from './check.mjs';
import { asProgram, report } from './lib/command.mjs';
import { ensureChromium } from './lib/chromium.mjs';
import { ensureRsync, findRsync } from './lib/rsync.mjs';
import { electronBinary, hasDisplay } from './lib/electron.mjs';
import { pytestStage, vitestStage } from './lib/stages.mjs';
import { setUp } from './setup.mjs';

const STAGES = ['check', 'unit', 'contract', 'integration', 'python', 'e2e', 'electron'];
const NO_PYTHON = 'no Python with torch; "npm start -- doctor" shows what was tried';
const NONE = { passed: 0, failed: 0, skipped: 0, output: '' };

/** A stage that cannot run here: named always, and a failure in CI, where nothing may go missing unnoticed. */
function missing(sentence) {
  const counts = process.env.CI === 'true' ? { failed: 1 } : { skipped: 1 };
  return { ...NONE, ...counts, output: '', remark: `skipped: ${sentence}` };
}

async function runStage(name, machine) {
  const { node, env, python, chromium } = machine;
  switch (name) {
    case 'check':
      return { ...(await runChecks(env)), output: '' };
    case 'python':
      return python ? pytestStage(python, machine) : missing(NO_PYTHON);
    case 'integration': {
      if (!python) return missing(NO_PYTHON);
      const result = await vitestStage(name, machine);
      return findRsync() ? result : { ...result, remark: 'imports from another machine skipped: no rsync' };
    }
    case 'e2e':
      if (!python) return missing(NO_PYTHON);
      return chromium.path ? vitestStage(name, machine) : missing(chromium.sentence);
    case 'electron': {
      if (!chromium.path) return missing(chromium.sentence);
      const result = await vitestStage(name, { node, env });
      if (!electronBinary()) return { ...result, remark: 'real app skipped: no Electron binary' };
      return hasDisplay() ? result : { ...result, remark: 'real app skipped: no display' };
    }
    default:
      return vitestStage(name, machine);
  }
}

/** Wall time of the command in seconds, to a tenth. */
function secondsSince(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function summary({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

async function main(wanted) {
  const unknown = wanted.find((name) => !STAGES.includes(name));
  if (unknown) {
    report(`There is no stage "${unknown}"; choose from ${STAGES.join(', ')}.`);
    return 2;
  }
  const stages = wanted.length > 0 ? wanted : STAGES;
  const start = performance.now();
  const prepared = await setUp();
  if (stages.includes('integration')) await ensureRsync();
  const chromium = stages.some((name) => name === 'e2e' || name === 'electron')
    ? await ensureChromium()
    : { path: null, sentence: '' };
  const env = {
    ...prepared.env,
    ...(prepared.python && { MINIBATCH_PYTHON: prepared.python }),
    ...(chromium.path && { MINIBATCH_CHROMIUM: chromium.path }),
  };
  const machine = { ...prepared, env, chromium };
  console.log(`set-up       ready (${secondsSince(start)})`);

  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const name of stages) {
    const began = performance.now();
    const result = await runStage(name, machine);
    if (result.failed > 0 && result.output) console.log(result.output.trimEnd());
    console.log(
      `${name.padEnd(12)} ${result.remark ? `${result.remark}; ` : ''}${summary(result)} (${secondsSince(began)})`,
    );
    for (const key of Object.keys(total)) total[key] += result[key];
  }
  console.log(summary(total));
  return total.failed === 0 ? 0 : 1;
}

await asProgram(() => main(process.argv.slice(2)));
