import { resolve } from 'node:path';
import type { Client } from '../../shared/client.ts';
import { coerceOption } from '../../shared/domain/option-values.ts';
import { findManifest, refuseBroken, resolvePreset } from '../../shared/domain/preset.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Json } from '../../shared/model/json.ts';
import { profile } from '../../shared/model/plan.ts';
import type { PlanCallInput } from '../../shared/model/plan-call.ts';
import { deviceChoice, type Manifest, type OptionSpec, optionSpec } from '../../shared/model/workload.ts';
import { type FlagSpec, type FlagValue, type ParsedFlags, parseFlags } from './flags.ts';
import { SUITE_WORKLOAD, type SuiteArguments, takeSets, takeSuite } from './suite-request.ts';

/** Flags of a plan, whatever the workload. */
export const PLAN_FLAGS: readonly FlagSpec[] = [
  { name: 'workload', kind: 'string', help: 'workload of the preset, where the name alone is not clear' },
  { name: 'seed', kind: 'integer', min: 0, help: 'seed of the batch (42)' },
  { name: 'workers', kind: 'integer', min: 0, max: 64, help: 'runs at a time, 0 = automatic (0)' },
  {
    name: 'memory-gb',
    kind: 'number',
    above: 0,
    placeholder: 'GB',
    help: 'memory that may be used (80 % of the machine)',
  },
  {
    name: 'device',
    kind: 'choice',
    choices: deviceChoice.options,
    help: 'where to train (as the suite says, else auto)',
  },
  {
    name: 'profile',
    kind: 'choice',
    choices: profile.options,
    help: 'how much of the machine to use (aggressive)',
  },
  {
    name: 'start-from',
    kind: 'integer',
    min: 0,
    placeholder: 'index',
    help: 'leave out experiments with a lower index',
  },
  { name: 'only', kind: 'integer-list', help: 'nothing but the experiments with these indices (3,5 or 0-4)' },
  { name: 'force-overwrite', kind: 'boolean', help: 'run again what has a result; the older attempt stays' },
  {
    name: 'threads',
    kind: 'integer',
    min: 1,
    max: 256,
    help: 'CPU threads per run (as the suite says, else 1)',
  },
  { name: 'timeout', kind: 'number', above: 0, placeholder: 'seconds', help: 'time limit of each run' },
  {
    name: 'retries',
    kind: 'integer',
    min: 0,
    max: 10,
    help: 'new attempts after a failure (as the suite says, else 0)',
  },
  {
    name: 'retry-delay',
    kind: 'number',
    min: 0,
    max: 86_400,
    placeholder: 'seconds',
    help: 'wait before a retry, doubled each time (as the suite says, else 0)',
  },
  {
    name: 'fail-fast',
    kind: 'boolean',
    help: 'start nothing new after the first failure; what runs finishes (as the suite says, else no)',
  },
  {
    name: 'csv',
    kind: 'string',
    placeholder: 'table',
    help: 'experiments of a suite as a table: the first line names parameters, each row is an experiment',
  },
  {
    name: 'zip',
    kind: 'string',
    repeated: true,
    placeholder: 'a,b',
    help: 'parameters of a suite whose lists advance together',
  },
  { name: 'draws', kind: 'integer', min: 1, help: 'how often the random parameters of a suite are drawn' },
  { name: 'python', kind: 'string', placeholder: 'path', help: 'interpreter to train with' },
];

export interface AskedPlan {
  readonly request: PlanCallInput;
  readonly manifest: Manifest;
  readonly flags: ParsedFlags;
}

export interface PlanArguments {
  readonly args: readonly string[];
  /** Flags of the command itself. */
  readonly own: readonly FlagSpec[];
  /** Preset where none is named; given the flags, null = a preset is demanded. */
  readonly fallback: (flags: ParsedFlags) => string | null;
}

/**
 * Reads a preset, the plan's flags and the workload's own options from the command line. Option values stay
 * texts: the plan checks them by the manifest. Throws ExpectedError('usage').
 */
export async function readPlanRequest(
  client: Client,
  { args, own, fallback }: PlanArguments,
): Promise<AskedPlan> {
  const { workloads, broken, brokenPresets } = await client.call('workloads.list', {});
  const common = [...own, ...PLAN_FLAGS];
  const suite = takeSuite(args);
  if (suite !== null) return readSuiteRequest({ workloads, common, suite });
  // The preset may stand behind options whose kinds only its workload knows: first read with everybody's, and without
  // what may be a parameter of the preset's suite.
  const sets = takeSets(args);
  const lenient = parseFlags(sets.rest, [...common, ...optionFlags(workloads, common)]);
  const [preset = fallback(lenient), ...surplus] = lenient.positionals;
  if (preset === null)
    throw usage(`Name a preset, for example "minibatch run quick". There are ${presetNames(workloads)}.`);
  if (surplus.length > 0) throw usage(`"${surplus.join(' ')}" is too much: one preset at a time.`);
  if (workloads.length === 0)
    throw usage(`There is no workload that can be used. ${broken.map((one) => one.sentence).join(' ')}`);
  const workload = text(lenient, 'workload') ?? sets.options.workload;
  const asked = { workload: typeof workload === 'string' ? workload : '', preset };
  refuseBroken(brokenPresets, asked);
  const { manifest, preset: found } = resolvePreset(workloads, asked);
  const ofSuite = found.suite !== undefined;
  const flags = parseFlags(ofSuite ? sets.rest : args, [...common, ...optionFlags([manifest], common)]);
  const request = toRequest({ manifest, preset: found.name, flags });
  return { manifest, flags, request: ofSuite ? { ...request, options: sets.options } : request };
}

/** A suite file in the place of a preset. The file itself is read where the plan is made. */
function readSuiteRequest(asked: {
  workloads: readonly Manifest[];
  common: readonly FlagSpec[];
  suite: SuiteArguments;
}): AskedPlan {
  const { suite, options, rest } = asked.suite;
  const manifest = findManifest(asked.workloads, SUITE_WORKLOAD);
  const flags = parseFlags(rest, asked.common);
  if (flags.positionals.length > 0)
    throw usage(`"${flags.positionals.join(' ')}" is too much: one suite at a time.`);
  const request = toRequest({ manifest, preset: 'suite', flags });
  return { manifest, flags, request: { ...request, suite, options } };
}

/** The options of workloads as flags. The command's own flags win over an option of the same name. */
export function optionFlags(manifests: readonly Manifest[], taken: readonly FlagSpec[]): FlagSpec[] {
  const found = new Map<string, FlagSpec>();
  for (const spec of manifests.flatMap((manifest) => manifest.options)) {
    if (taken.some((flag) => flag.name === spec.name) || found.has(spec.name)) continue;
    found.set(spec.name, { name: spec.name, kind: kindOf(spec), help: spec.help });
  }
  return [...found.values()];
}

/** Only what decides how the words are read; the value itself is checked by the plan. */
function kindOf(spec: OptionSpec): FlagSpec['kind'] {
  return spec.type === 'boolean' || spec.type === 'integer-list' ? spec.type : 'string';
}

function toRequest(asked: { manifest: Manifest; preset: string; flags: ParsedFlags }): PlanCallInput {
  const { manifest, preset, flags } = asked;
  const given = (name: string): FlagValue | undefined => flags.values.get(name);
  const own = new Set(PLAN_FLAGS.map((flag) => flag.name));
  const options = Object.fromEntries(
    manifest.options
      .filter((spec) => !own.has(spec.name) && given(spec.name) !== undefined)
      .map((spec) => [spec.name, given(spec.name) as Json]),
  );
  const python = text(flags, 'python');
  const csv = text(flags, 'csv');
  const request: Record<string, unknown> = {
    workload: manifest.name,
    preset,
    options,
    device: given('device'),
    workers: given('workers'),
    profile: given('profile'),
    memoryGb: given('memory-gb'),
    seed: given('seed'),
    forceOverwrite: given('force-overwrite'),
    startFrom: given('start-from'),
    only: onlyOf(flags),
    threads: given('threads'),
    timeoutSeconds: given('timeout'),
    retries: given('retries'),
    retryDelaySeconds: given('retry-delay'),
    failFast: given('fail-fast'),
    csv: csv === undefined ? undefined : resolve(csv),
    sweep: sweepOf(flags),
    python: python?.includes('/') ? resolve(python) : python,
  };
  // The contract checks the types again; what was not given takes its default there.
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined),
  ) as PlanCallInput;
}

function sweepOf({ values }: ParsedFlags): Json | undefined {
  const [zip, draws] = [values.get('zip'), values.get('draws')];
  const names = Array.isArray(zip) ? zip.flatMap((word: string) => word.split(/[\s,]+/)) : undefined;
  if (names === undefined && typeof draws !== 'number') return undefined;
  return {
    ...(names && { zip: names.filter((name) => name !== '') }),
    ...(typeof draws === 'number' && { draws }),
  };
}

const ONLY = optionSpec.parse({ name: 'only', type: 'integer-list', default: null, min: 0, help: '' });

function onlyOf(flags: ParsedFlags): Json | undefined {
  const given = text(flags, 'only');
  return given === undefined ? undefined : coerceOption(ONLY, given);
}

function text(flags: ParsedFlags, name: string): string | undefined {
  const value = flags.values.get(name);
  return typeof value === 'string' ? value : undefined;
}

function presetNames(manifests: readonly Manifest[]): string {
  return (
    [...new Set(manifests.flatMap((manifest) => manifest.presets.map((preset) => preset.name)))].join(', ') ||
    'none'
  );
}

function usage(message: string): ExpectedError {
  return new ExpectedError('usage', message);
}
