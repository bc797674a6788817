import { formatNumber, formatProduct } from './format.ts';
import type { Phase } from '../model/experiment.ts';
import { type Suite, type SuitePhase, SuiteProblem, type SuiteValue } from '../model/suite.ts';
import type { Json } from '../model/json.ts';
import { canonicalJson } from './identity.ts';
import { suggestion } from './nearest.ts';
import { orderPhases } from './phases.ts';
import { fillTemplate, placeholders, shellOperator, splitWords } from './shell-words.ts';
import { countSweep, expandSweep, MOST_EXPERIMENTS, type Randomness, type Values } from './sweep.ts';

/** One experiment of a suite. */
export interface SuiteExperiment {
  readonly label: string;
  readonly phase: string;
  /** The device that its queue is pinned to, else the queue's name. */
  readonly queue: string;
  /** Words with placeholders; one word for a shell. */
  readonly command: readonly string[];
  readonly values: Values;
}

/** Placeholders that every run knows; `{arguments}` is all parameters. */
export const BUILT_IN = [
  'arguments',
  'seed',
  'index',
  'name',
  'python',
  'run',
  'device',
  'devices',
  'threads',
] as const;

interface Part {
  readonly name: string;
  readonly path: readonly PropertyKey[];
  readonly phase: Partial<SuitePhase>;
}

/** How many experiments a suite has. Throws SuiteProblem. Costs the same for ten and for ten million. */
export function countSuite(suite: Suite): number {
  return partsOf(suite).reduce((sum, part) => sum + countPart(suite, part), 0);
}

/**
 * The experiments of a suite, phases in an order that their needs allow. Throws SuiteProblem, for more than
 * MOST_EXPERIMENTS before any is made.
 */
export function expandSuite(suite: Suite, randomness: Randomness): SuiteExperiment[] {
  const parts = partsOf(suite);
  const count = countSuite(suite);
  if (count > MOST_EXPERIMENTS)
    throw new SuiteProblem(
      [suite.sweep !== undefined ? 'sweep' : suite.phases !== undefined ? 'phases' : 'seeds'],
      `this sweep has ${formatProduct(count)} experiments, more than ${formatNumber(MOST_EXPERIMENTS)}; make it smaller`,
    );
  checkQueues(suite);
  const experiments = parts.flatMap((part) => expandPart(suite, part, randomness));
  checkLabels(suite, experiments);
  checkComparison(suite, experiments);
  return experiments;
}

/** The phases of a suite in an order that their needs allow; undefined = it has none. Throws SuiteProblem. */
export function suitePhases({ phases }: Suite): readonly Phase[] | undefined {
  if (phases === undefined) return undefined;
  const ordered = orderPhases(phases);
  if (ordered.kind === 'problem') throw new SuiteProblem(['phases', ...ordered.path], ordered.sentence);
  return ordered.phases;
}

/** The suite itself, or its phases with those first that others need. */
function partsOf(suite: Suite): Part[] {
  const ordered = suitePhases(suite);
  if (ordered === undefined) return [{ name: 'main', path: [], phase: {} }];
  const written = suite.phases ?? [];
  const positions = new Map(written.map(({ name }, at) => [name, at]));
  return ordered.map(({ name }) => {
    const at = positions.get(name) ?? 0;
    return { name, path: ['phases', at], phase: written[at] ?? {} };
  });
}

function sweepPath({ path, phase }: Part): readonly PropertyKey[] {
  return phase.sweep === undefined ? ['sweep'] : [...path, 'sweep'];
}

function countPart(suite: Suite, part: Part): number {
  const sweep = part.phase.sweep ?? suite.sweep;
  const seeds = part.phase.seeds ?? suite.seeds;
  const repeats = seeds === undefined ? 1 : typeof seeds === 'number' ? seeds : seeds.length;
  return (sweep === undefined ? 1 : countSweep(sweep, sweepPath(part))) * repeats;
}

function expandPart(suite: Suite, part: Part, randomness: Randomness): SuiteExperiment[] {
  const { phase } = part;
  const sweep = phase.sweep ?? suite.sweep;
  const fixed: Values = { ...suite.parameters, ...phase.parameters };
  const swept = sweep === undefined ? [{}] : expandSweep(sweep, sweepPath(part), randomness);
  const seeds = phase.seeds ?? suite.seeds;
  const list = typeof seeds === 'number' ? Array.from({ length: seeds }, (_, seed) => seed) : seeds;
  const all: Values[] = swept.flatMap((values) =>
    list === undefined ? [values] : list.map((seed) => ({ ...values, seed })),
  );
  const command = commandOf(suite, part);
  const names = new Set([...Object.keys(fixed), ...all.flatMap((values) => Object.keys(values))]);
  checkPlaceholders(suite, {
    part,
    command,
    names,
    swept: new Set(all.flatMap((values) => Object.keys(values))),
  });
  const queue = phase.queue ?? suite.queue ?? 'main';
  const pinned = suite.queues[queue]?.device ?? queue;
  const several = suite.phases !== undefined && suite.phases.length > 1;
  return all.map((values) => ({
    label: labelOf(suite, { part, several, values, fixed }),
    phase: part.name,
    queue: pinned === 'cuda' ? 'cuda:0' : pinned === 'auto' ? queue : pinned,
    command,
    values: { ...fixed, ...values },
  }));
}

function commandOf(suite: Suite, { path, phase }: Part): readonly string[] {
  const command = phase.command ?? suite.command;
  const where = phase.command === undefined ? ['command'] : [...path, 'command'];
  if (typeof command !== 'string') {
    if (suite.shell)
      throw new SuiteProblem(where, '"shell: true" needs the command as one text, not as a list');
    return command;
  }
  if (suite.shell) return [command];
  const words = splitWords(command);
  if (words === null) throw new SuiteProblem(where, 'a quote in the command is not closed');
  const [first] = words;
  if (first === undefined) throw new SuiteProblem(where, 'the command is empty');
  const operator = shellOperator(words);
  if (operator !== null)
    throw new SuiteProblem(
      where,
      `"${operator}" in the command is for a shell; say "shell: true", or quote it`,
    );
  return words;
}

/** A placeholder that nothing fills, or a swept value that goes nowhere, is a mistake that costs a night. */
function checkPlaceholders(
  suite: Suite,
  {
    part,
    command,
    names,
    swept,
  }: { part: Part; command: readonly string[]; names: Set<string>; swept: Set<string> },
): void {
  const where = part.phase.command === undefined ? ['command'] : [...part.path, 'command'];
  const environment = Object.entries(suite.environment);
  const used = new Map<string, readonly PropertyKey[]>();
  for (const name of command.flatMap(placeholders)) used.set(name, where);
  for (const [variable, text] of environment)
    for (const name of placeholders(String(text))) used.set(name, ['environment', variable]);
  const known = [...names, ...BUILT_IN];
  for (const [name, place] of used) {
    if (known.includes(name)) continue;
    const hint = suggestion(name, known);
    throw new SuiteProblem(
      place,
      `there is no parameter "${name}" for {${name}}${hint === '' ? '' : `.${hint}`}`,
    );
  }
  if (used.has('arguments')) return;
  const idle = [...swept].find((name) => !used.has(name));
  if (idle !== undefined)
    throw new SuiteProblem(
      idle === 'seed' && part.phase.sweep === undefined ? ['seeds'] : sweepPath(part),
      `"${idle}" is swept but the command does not use it; write {${idle}} or {arguments} in the command`,
    );
}

function checkQueues(suite: Suite): void {
  const names = Object.keys(suite.queues);
  const asked = [
    { queue: suite.queue, path: ['queue'] },
    ...(suite.phases ?? []).map((phase, at) => ({ queue: phase.queue, path: ['phases', at, 'queue'] })),
  ];
  for (const { queue, path } of asked) {
    if (queue === undefined || names.includes(queue) || /^(cpu|mps|cuda:\d+)$/.test(queue)) continue;
    const hint = suggestion(queue, names);
    throw new SuiteProblem(
      path,
      `there is no queue "${queue}" under "queues"${hint === '' ? '' : `.${hint}`}`,
    );
  }
}

function labelOf(
  suite: Suite,
  { part, several, values, fixed }: { part: Part; several: boolean; values: Values; fixed: Values },
): string {
  const all: Values = { ...fixed, ...values };
  const prefix = several ? `${part.name} ` : '';
  if (suite.label !== undefined) {
    const filled = fillTemplate(suite.label, (name) => (name in all ? shown(all[name] ?? null) : undefined));
    return prefix + filled;
  }
  const text = Object.entries(values)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ');
  if (text !== '') return prefix + text;
  return several ? part.name : (suite.name ?? 'run');
}

function shown(value: SuiteValue): string {
  if (Array.isArray(value)) return value.map(shown).join(',');
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return String(value);
}

/** Results can only be told apart by what the suite knows. */
function checkComparison({ compare }: Suite, experiments: readonly SuiteExperiment[]): void {
  const names = [...new Set(experiments.flatMap(({ values }) => Object.keys(values)))];
  for (const key of ['group', 'x'] as const) {
    const name = compare[key];
    if (name === undefined || names.includes(name)) continue;
    const hint = suggestion(name, names);
    throw new SuiteProblem(
      ['compare', key],
      `there is no parameter "${name}" to compare by${hint === '' ? '' : `.${hint}`}`,
    );
  }
}

/** People tell experiments apart by their labels, and equal ones would train the same thing twice. */
function checkLabels(suite: Suite, experiments: readonly SuiteExperiment[]): void {
  const seen = new Map<string, SuiteExperiment>();
  const path = suite.label === undefined ? ['sweep'] : ['label'];
  for (const experiment of experiments) {
    const other = seen.get(experiment.label);
    if (other === undefined) seen.set(experiment.label, experiment);
    else {
      const same = canonicalJson(other.values as Json) === canonicalJson(experiment.values as Json);
      const why = same ? 'they are the same; leave one out' : 'say "label" with the parameters that differ';
      throw new SuiteProblem(path, `two experiments have the label "${experiment.label}": ${why}`);
    }
  }
}

/** Seconds of "90s", "30m", "8h", "2d" or a number. */
export function durationSeconds(text: number | string): number {
  if (typeof text === 'number') return text;
  const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
  return Number.parseFloat(text) * (units[text.trim().at(-1) ?? 's'] ?? 1);
}
