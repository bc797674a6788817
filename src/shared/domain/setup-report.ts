import type { Interpreter } from '../model/python.ts';
import type { SetupCheck, SetupPython, SetupReport } from '../model/setup.ts';
import { formatCount } from './format.ts';
import { redactHome } from './redact-home.ts';
import { deviceChecks, pythonChecks, systemChecks, workspaceChecks } from './setup-checks.ts';
import type { SetupFacts } from './setup-facts.ts';

const ORIGINS: Readonly<Record<Interpreter['origin'], string>> = {
  given: 'named',
  chosen: 'chosen in Setup',
  project: 'of the project',
  managed: 'prepared by Minibatch',
  uv: 'installed by uv',
  conda: 'conda',
  pyenv: 'pyenv',
  homebrew: 'Homebrew',
  'python.org': 'python.org',
  system: 'of the system',
};

/** What the facts mean: whether this machine can train, and for each thing a state, a sentence and the way out. Pure. */
export function setupReport(facts: SetupFacts): SetupReport {
  const { doctor, liveRuns } = facts;
  const groups = [
    { title: 'Python', checks: pythonChecks(facts) },
    { title: 'Devices', checks: deviceChecks(facts) },
    { title: 'Workspace', checks: workspaceChecks(facts) },
    { title: 'This machine', checks: systemChecks(facts) },
  ].filter(({ checks }) => checks.length > 0);
  const all = groups.flatMap(({ checks }) => checks);
  const canTrain = doctor.chosen !== null && all.every(({ state }) => state !== 'missing');
  return redactHome(
    {
      at: facts.at,
      canTrain,
      headline: headline(canTrain, all),
      sentence: canTrain ? usedSentence(facts) : nextStep(facts, all),
      choice: facts.choice === null ? ('automatic' as const) : ('chosen' as const),
      pythons: doctor.interpreters.map((one) => pythonRow(one, facts)),
      groups,
      versions: facts.versions,
      preparing: {
        sentence: `Downloads torch, numpy and scipy (about 1 GB) into ${facts.dataFolder}/python, takes a few minutes, and changes no other Python.`,
        blocked:
          liveRuns === 0
            ? null
            : `${formatCount(liveRuns, 'run')} ${liveRuns === 1 ? 'is' : 'are'} live: nothing is installed until ${liveRuns === 1 ? 'it has' : 'they have'} ended.`,
      },
    },
    facts.homes,
  );
}

function headline(canTrain: boolean, checks: readonly SetupCheck[]): string {
  if (!canTrain) return 'This machine cannot train yet';
  const open = checks.filter(({ state }) => state === 'attention').length;
  return open === 0
    ? 'This machine can train'
    : `This machine can train; ${formatCount(open, 'thing')} to look at`;
}

/** The line of the interpreter says where it lies and why it is this one. */
function usedSentence({ doctor }: SetupFacts): string {
  const found = doctor.interpreters.find(({ path }) => path === doctor.chosen)?.probe.facts;
  if (!found) return doctor.sentence;
  const { version, modules } = found;
  return `Runs are started with Python ${version} and torch ${modules.torch ?? '?'}, on ${devicesOf(found).join(', ')}.`;
}

function nextStep({ doctor, choice }: SetupFacts, checks: readonly SetupCheck[]): string {
  if (doctor.chosen === null && choice === null) {
    const count = doctor.interpreters.length;
    const found =
      count === 0
        ? 'No Python was found'
        : count === 1
          ? 'The one Python found has not all of torch, numpy and scipy'
          : `None of the ${formatCount(count, 'Python')} found has torch, numpy and scipy`;
    return `${found}: Minibatch can prepare one of its own.`;
  }
  return checks.find(({ state }) => state === 'missing')?.sentence ?? doctor.sentence;
}

function pythonRow({ path, origin, probe }: Interpreter, facts: SetupFacts): SetupPython {
  const { facts: found } = probe;
  return {
    id: facts.idOf(path),
    path,
    origin: ORIGINS[origin],
    version: found?.version ?? null,
    architecture: found === null ? null : architectureWords(found.architecture, facts),
    torch: found?.modules.torch ?? null,
    devices: found === null || found.modules.torch === undefined ? [] : devicesOf(found),
    usable: probe.kind === 'usable',
    used: path === facts.doctor.chosen,
    verdict: probe.kind === 'usable' ? usableVerdict(probe.facts) : withoutPath(path, probe.sentence),
  };
}

function devicesOf(found: NonNullable<Interpreter['probe']['facts']>): string[] {
  return ['cpu', ...(found.mps?.available ? ['mps'] : []), ...found.cuda.map((_, index) => `cuda:${index}`)];
}

function usableVerdict(found: NonNullable<Interpreter['probe']['facts']>): string {
  return `Can train on ${devicesOf(found).join(', ')}.`;
}

function architectureWords(name: string, { platform, architecture }: SetupFacts): string {
  const translated = platform === 'darwin' && architecture === 'arm64' && name === 'x86_64';
  return translated ? `${name}, translated by Rosetta` : name;
}

/** The row shows path and version already: "Cannot import torch: …", "Version 3.10 or newer is needed." */
function withoutPath(path: string, sentence: string): string {
  if (!sentence.startsWith(`${path} `)) return sentence;
  const rest = sentence.slice(path.length + 1).replace(/^(\(Python [^)]*\) |is Python [^:]*: )/, '');
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}
