import type { SetupCheck, SetupFix, SetupState } from '../model/setup.ts';
import { formatBytes, formatCount, formatDate, formatDuration, formatNumber, withUnit } from './format.ts';
import type { DeviceMeasures, SetupFacts } from './setup-facts.ts';

/** Less free space than this ends a long batch sooner than it should. */
const LITTLE_SPACE = 10 * 1024 ** 3;
/** Six workers with their pipes, files and terminals stay well below. */
const FEW_FILES = 1024;

const PREPARE: SetupFix = { kind: 'prepare', title: 'Prepare Python' };
const REPAIR: SetupFix = { kind: 'repair', title: 'Repair' };
const AUTOMATIC: SetupFix = { kind: 'automatic', title: 'Choose automatically' };
const CHECK: SetupFix = { kind: 'check', title: 'Check again' };

interface Verdict {
  readonly state: SetupState;
  readonly sentence: string;
  readonly fix?: SetupFix;
}

function line(id: string, title: string, { state, sentence, fix }: Verdict): SetupCheck {
  return { id, title, state, sentence, fix: fix ?? null };
}

export function pythonChecks(facts: SetupFacts): SetupCheck[] {
  const translated = facts.notes
    .filter((note) => /translated/.test(note))
    .map((sentence) => line('build', 'Minibatch', { state: 'attention', sentence }));
  return [
    line('python', 'Interpreter', interpreterVerdict(facts)),
    line('managed', 'Prepared Python', managedVerdict(facts)),
    ...translated,
  ];
}

function interpreterVerdict({ doctor, choice, managed }: SetupFacts): Verdict {
  if (doctor.chosen !== null) return { state: 'ready', sentence: doctor.sentence };
  if (choice !== null) return { state: 'missing', sentence: doctor.sentence, fix: AUTOMATIC };
  const sentence =
    doctor.interpreters.length === 0
      ? 'No Python was found.'
      : 'None of those found can train; each says why.';
  return { state: 'missing', sentence, fix: managed === null ? PREPARE : REPAIR };
}

function managedVerdict({ managed, doctor }: SetupFacts): Verdict {
  if (managed === null) {
    return doctor.chosen === null
      ? { state: 'absent', sentence: 'Minibatch has not prepared a Python on this machine yet.' }
      : { state: 'absent', sentence: 'Not needed: another Python can train.', fix: PREPARE };
  }
  const found = doctor.interpreters.find(({ path }) => path === managed.python);
  const since = `Prepared on ${formatDate(managed.createdAt)}`;
  // Where the same Python was found under another name, that one was looked into.
  if (found?.probe.kind === 'unusable')
    return {
      state: 'attention',
      sentence: `${since}, and broken since: ${found.probe.sentence}`,
      fix: REPAIR,
    };
  if (managed.outdated)
    return {
      state: 'attention',
      sentence: `${since} for another version of Minibatch: repairing brings the packages that this one was tested with.`,
      fix: REPAIR,
    };
  return {
    state: 'ready',
    sentence: `${since}, with the packages that this version was tested with.`,
    fix: REPAIR,
  };
}

export function deviceChecks({ doctor, measures }: SetupFacts): SetupCheck[] {
  return doctor.devices.map(({ device, available, sentence }) => {
    const measured = measures?.devices.find((one) => one.device === device);
    if (!available)
      return line(device, device, { state: doctor.chosen === null ? 'unknown' : 'absent', sentence });
    if (measured !== undefined && 'problem' in measured)
      return line(device, device, {
        state: 'attention',
        sentence: `It is there, but a short product of matrices failed on it: ${measured.problem}.`,
        fix: CHECK,
      });
    return line(device, device, { state: 'ready', sentence: `${sentence}${speed(measures, device)}` });
  });
}

function speed(measures: DeviceMeasures | null, device: string): string {
  const found = measures?.devices.find((one) => one.device === device);
  if (measures === null || found === undefined || 'problem' in found) return ' Not measured yet.';
  const threads = device === 'cpu' ? ` with ${formatCount(measures.threads, 'thread')}` : '';
  return ` Measured: ${withUnit(formatNumber(found.gflops), 'GFLOP/s')}${threads} (a product of 1024 × 1024 in ${formatDuration(found.seconds)}).`;
}

export function workspaceChecks({ doctor, workspace }: SetupFacts): SetupCheck[] {
  const { size, freeBytes, batches, results } = workspace;
  const held = `${size.complete ? '' : 'more than '}${formatBytes(size.bytes)}`;
  return [
    line('workspace', 'Place', {
      state: doctor.workspace.ok ? 'ready' : 'missing',
      sentence: doctor.workspace.ok ? `${doctor.workspace.path} can be written.` : doctor.workspace.sentence,
    }),
    line('space', 'Free space', {
      state: freeBytes === null || freeBytes < LITTLE_SPACE ? 'attention' : 'ready',
      sentence:
        freeBytes === null
          ? 'The volume of the workspace gives no figures.'
          : freeBytes < LITTLE_SPACE
            ? `Only ${formatBytes(freeBytes)} are free; the workspace takes ${held}. Move batches that you no longer need to the trash.`
            : `${formatBytes(freeBytes)} are free; the workspace takes ${held}.`,
    }),
    line('index', 'Index', {
      state: 'ready',
      sentence: `${formatCount(batches, 'batch', 'batches')} and ${formatCount(results, 'result')}. It can be rebuilt from the run folders at any time.`,
      fix: { kind: 'reindex', title: 'Reindex' },
    }),
  ];
}

export function systemChecks({ terminal, openFiles, power }: SetupFacts): SetupCheck[] {
  return [
    line(
      'terminal',
      'Terminal',
      terminal.problem === null
        ? { state: 'ready', sentence: 'A program was started under a terminal of its own and answered.' }
        : {
            state: 'missing',
            sentence: `No program can be started under a terminal (${terminal.problem}), so no run can start. Install Minibatch again.`,
            fix: CHECK,
          },
    ),
    line('files', 'Open files', filesVerdict(openFiles)),
    ...(power === null ? [] : [line('sleep', 'Sleep', sleepVerdict(power))]),
  ];
}

function filesVerdict(limit: number | null): Verdict {
  if (limit === null) return { state: 'ready', sentence: 'The system sets no limit.' };
  const count = formatNumber(limit);
  return limit < FEW_FILES
    ? {
        state: 'attention',
        sentence: `A program may hold ${count} files open, which is few for several workers: start Minibatch from a terminal after "ulimit -n 8192".`,
      }
    : { state: 'ready', sentence: `A program may hold ${count} files open.` };
}

function sleepVerdict({ sleepMinutes, restarts }: NonNullable<SetupFacts['power']>): Verdict {
  const sleep =
    sleepMinutes === 0
      ? 'This Mac does not sleep by itself.'
      : `This Mac sleeps after ${formatDuration(sleepMinutes * 60)} without use; while runs are live it is kept awake.`;
  return restarts === false
    ? {
        state: 'attention',
        sentence: `${sleep} It does not start by itself after a power failure: System Settings › Energy can switch that on.`,
      }
    : { state: 'ready', sentence: sleep };
}
