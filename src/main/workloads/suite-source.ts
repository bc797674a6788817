import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join, relative, resolve } from 'node:path';
import type { HashText } from '../../shared/domain/identity.ts';
import {
  durationSeconds,
  expandSuite,
  type SuiteExperiment,
  suitePhases,
} from '../../shared/domain/suite-plan.ts';
import {
  isDraw,
  isRange,
  overrideSuite,
  parameterNames,
  type SuiteSettings,
} from '../../shared/domain/suite-override.ts';
import { parameterKinds } from '../../shared/domain/suite-parameters.ts';
import type { Values } from '../../shared/domain/sweep.ts';
import { placeholders } from '../../shared/domain/shell-words.ts';
import { suggestion } from '../../shared/domain/nearest.ts';
import type { Json, Parameters } from '../../shared/model/json.ts';
import type { PlanRequest, PlanSuite } from '../../shared/model/plan.ts';
import { type Suite, SuiteProblem, type SuiteSetting, suiteSetting } from '../../shared/model/suite.ts';
import {
  takeWritten,
  takeWrittenRows,
  type WrittenNumbers,
  writtenValues,
} from '../../shared/domain/written-numbers.ts';
import { type CodeListing, listCode } from './code-files.ts';
import type { SuiteFile } from './suite-file.ts';
import { readTable } from './table-file.ts';

/** Large files that are named one by one. */
const MOST_NOTES = 5;

/** A suite as a plan needs it. */
export interface PreparedSuite {
  /** What the workload's describe.py gets as the option `suite`. */
  readonly described: Parameters;
  /** The request, with what the suite says where the person says nothing. */
  readonly request: PlanRequest;
  readonly plan: PlanSuite;
  readonly notes: readonly string[];
}

export interface SuiteContext {
  readonly request: PlanRequest;
  readonly hash: HashText;
  /** Folders in which commands are looked up, as PATH has them. */
  readonly searchPath: string;
}

/** Expands a suite and lists its code. Throws ExpectedError('usage') naming file, line and key. */
export async function prepareSuite(file: SuiteFile, context: SuiteContext): Promise<PreparedSuite> {
  const asked = withTable(file, context.request);
  const { suite, written } = file.check(() => {
    const settings = overrides(asked.options);
    const [values, others] = splitSettings(settings);
    const set = takeWritten(values, file.written);
    const table = takeWrittenRows(asked.sweep?.list ?? [], set.written);
    const sweep = { ...asked.sweep, ...(asked.sweep?.list && { list: table.rows }) };
    return {
      suite: overrideSuite(file.suite, { ...set.values, ...others }, sweep),
      written: table.written,
    };
  });
  const folder = resolve(file.folder, suite.folder);
  const request = fillRequest(suite, asked, file.folder);
  const experiments = file.check(() => {
    requireFolder(folder);
    const found = expandSuite(suite, { seed: request.seed, hash: context.hash });
    requireCommands(suite, found, { folder, searchPath: context.searchPath });
    return found;
  });
  const choice = {
    root: resolve(file.folder, suite.code.root ?? suite.folder),
    exclude: [...suite.code.exclude],
    link: file.check(() => linkedPaths(suite, file.folder, folder)),
    limitMb: suite.code.limitMb,
  };
  const inside = relative(choice.root, folder);
  file.check(() => {
    if (inside === '..' || inside.startsWith('../') || isAbsolute(inside))
      throw new SuiteProblem(['code', 'root'], 'the working folder must lie inside it');
  });
  const listing = suite.code.freeze ? await listCode(choice) : null;
  const plan: PlanSuite = {
    file: file.path,
    name: file.name,
    folder,
    code: listing === null ? null : { ...choice, fingerprint: listing.fingerprint },
    mainMetric: suite.metrics.main ?? suite.compare.metric ?? null,
    gpuLoad: suite.resources.gpu ?? null,
    compare: {
      metric: suite.compare.metric ?? suite.metrics.main ?? null,
      value: suite.compare.value,
      better: suite.compare.better ?? null,
      group: suite.compare.group ?? null,
      x: suite.compare.x ?? null,
    },
    ...(suite.hooks && { hooks: suite.hooks }),
  };
  return {
    request: { ...request, preset: slug(file.name) },
    plan,
    described: describedSuite({ suite, written, experiments, inside, listing }),
    notes: notesOf(listing),
  };
}

/** Whatever a person has said wins over the suite. */
function fillRequest(suite: Suite, asked: PlanRequest, base: string): PlanRequest {
  const { interpreter, resources, timeLimit } = suite;
  const python = asked.python ?? (interpreter?.includes('/') ? resolve(base, interpreter) : interpreter);
  const timeoutSeconds =
    asked.timeoutSeconds ?? (timeLimit === undefined ? undefined : durationSeconds(timeLimit));
  const { device = resources.device, threads = resources.threads, retries = suite.retries } = asked;
  const { failFast = suite.failFast } = asked;
  const retryDelaySeconds =
    asked.retryDelaySeconds ??
    (suite.retryDelay === undefined ? undefined : durationSeconds(suite.retryDelay));
  return {
    ...asked,
    ...(device !== undefined && { device }),
    ...(threads !== undefined && { threads }),
    ...(retries !== undefined && { retries }),
    ...(retryDelaySeconds !== undefined && { retryDelaySeconds }),
    ...(failFast !== undefined && { failFast }),
    ...(python !== undefined && { python }),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}

/** The request with the rows of its table in the place of the path. Throws ExpectedError('usage'). */
function withTable(file: SuiteFile, { csv, ...request }: PlanRequest): PlanRequest {
  if (csv === undefined) return request;
  const rules = { names: parameterNames(file.suite), kinds: parameterKinds(file.suite) };
  return { ...request, sweep: { ...request.sweep, list: [...readTable(csv, rules)] } };
}

function overrides(options: Parameters): Record<string, SuiteSetting> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => {
      const parsed = suiteSetting.safeParse(value);
      if (!parsed.success) throw new SuiteProblem(['parameters', name], `"${name}" cannot be set to that`);
      return [name, parsed.data];
    }),
  );
}

/** Values and lists, and apart from them what is worked out: ranges and draws. */
function splitSettings(settings: Readonly<Record<string, SuiteSetting>>): [Values, SuiteSettings] {
  const computed = (value: SuiteSetting): boolean => isRange(value) || isDraw(value);
  const part = (wanted: boolean): SuiteSettings =>
    Object.fromEntries(Object.entries(settings).filter(([, value]) => computed(value) === wanted));
  return [part(false) as Values, part(true)];
}

function describedSuite(facts: {
  suite: Suite;
  written: WrittenNumbers;
  experiments: readonly SuiteExperiment[];
  inside: string;
  listing: CodeListing | null;
}): Parameters {
  const { suite, written, experiments, inside, listing } = facts;
  const texts = writtenValues(
    suite,
    written,
    experiments.map(({ values }) => values),
  );
  const { shell, environment, metrics, expect, compare, resume, resources } = suite;
  return {
    // All that the result depends on; the rest of a suite, how results are shown included, is no part of an identity.
    shared: {
      shell,
      arguments: suite.arguments,
      environment,
      folder: inside,
      metrics,
      expect,
      compare: { ...(compare.metric !== undefined && { metric: compare.metric }), value: compare.value },
      resume: resume ?? null,
      ...(suite.outsideWrites !== 'warn' && { outsideWrites: suite.outsideWrites }),
      code: listing?.fingerprint ?? null,
    } as unknown as Json,
    experiments: experiments.map((one, at) => ({ ...one, written: texts[at] })) as unknown as Json,
    phases: (suitePhases(suite) ?? null) as unknown as Json,
    memoryMb: resources.memoryMb ?? null,
    seconds: resources.seconds ?? null,
    // How they run and no part of what they are, like the device itself.
    devices: resources.devices ?? null,
    orOne: resources.orOne ?? null,
  };
}

function notesOf(listing: CodeListing | null): string[] {
  if (listing === null)
    return [
      'The code is not frozen: the command runs in its folder, and results are not told apart by its code.',
    ];
  const notes = listing.leftOut.map(
    ({ path, bytes }) =>
      `${path} (${Math.round(bytes / 2 ** 20)} MB) is not copied; name it under code.link if the command reads it.`,
  );
  const more = notes.length - MOST_NOTES;
  return more <= 0
    ? notes
    : [...notes.slice(0, MOST_NOTES), `${more} more large files of the code are not copied.`];
}

function linkedPaths(suite: Suite, base: string, folder: string): string[] {
  const root = resolve(base, suite.code.root ?? suite.folder);
  return suite.code.link.map((path, at) => {
    const full = resolve(folder, path);
    const inside = relative(root, full);
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside))
      throw new SuiteProblem(
        ['code', 'link', at],
        `"${path}" does not lie in the folder of the code; "root: .." under "code" makes that larger`,
      );
    if (kindOf(full) === null) throw new SuiteProblem(['code', 'link', at], `there is no ${full} to link`);
    return inside;
  });
}

function requireFolder(folder: string): void {
  if (kindOf(folder) !== 'folder') throw new SuiteProblem(['folder'], `there is no folder ${folder}`);
}

/** What can be known before the start: the program is there, and so is the script it is given. */
function requireCommands(
  suite: Suite,
  experiments: readonly SuiteExperiment[],
  place: { folder: string; searchPath: string },
): void {
  if (suite.shell) return;
  const seen = new Set<readonly string[]>();
  for (const { command, phase } of experiments) {
    if (seen.has(command)) continue;
    seen.add(command);
    const at = suite.phases?.findIndex((one) => one.name === phase && one.command !== undefined) ?? -1;
    requireCommand(command, { ...place, path: at < 0 ? ['command'] : ['phases', at, 'command'] });
  }
}

function requireCommand(
  command: readonly string[],
  place: { folder: string; searchPath: string; path: readonly PropertyKey[] },
): void {
  const [program = '', script] = command;
  if (placeholders(program).length > 0) return;
  if (/^python3?$/.test(program) || program === '{python}') {
    const plain = script !== undefined && script.endsWith('.py') && placeholders(script).length === 0;
    if (plain && kindOf(resolve(place.folder, script)) !== 'file')
      throw new SuiteProblem(place.path, `there is no script ${script} in ${place.folder}`);
    return;
  }
  if (program.includes('/')) {
    const full = resolve(place.folder, program);
    if (kindOf(full) !== 'file') throw new SuiteProblem(place.path, `there is no program ${full}`);
    if (!isExecutable(full))
      throw new SuiteProblem(
        place.path,
        `${full} may not be executed; "chmod +x" allows it, or put its interpreter first`,
      );
    return;
  }
  const folders = place.searchPath.split(delimiter).filter((folder) => folder !== '');
  if (
    folders.some((folder) => kindOf(join(folder, program)) === 'file' && isExecutable(join(folder, program)))
  )
    return;
  const hint = suggestion(program, [
    'python',
    'python3',
    'bash',
    'sh',
    'torchrun',
    'accelerate',
    'uv',
    'make',
  ]);
  throw new SuiteProblem(
    place.path,
    `there is no program "${program}" in the PATH${hint === '' ? '' : `.${hint}`}`,
  );
}

function kindOf(path: string): 'file' | 'folder' | null {
  try {
    return statSync(path).isDirectory() ? 'folder' : 'file';
  } catch {
    return null;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The name as a part of a folder's name. */
export function slug(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40);
  return plain === '' ? 'suite' : plain;
}
