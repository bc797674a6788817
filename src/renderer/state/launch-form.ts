import { z } from 'zod';
import type { Json, Parameters } from '../../shared/model/json.ts';
import type { MachineSettings } from '../../shared/model/machine-settings.ts';
import type { ExperimentRecord } from '../../shared/model/run.ts';
import { suiteValue } from '../../shared/model/suite.ts';
import type { SuiteDocument } from '../../shared/model/suite-entry.ts';
import type { PlanRequest } from '../../shared/model/plan.ts';
import type { PlanCallInput } from '../../shared/model/plan-call.ts';
import { MOST_EXPERIMENTS } from '../../shared/domain/sweep.ts';
import {
  changedSettings,
  type MachineTexts,
  machineTexts,
  NO_SETTINGS,
  settingsAfterChoice,
} from './machine-form.ts';
import {
  changedTexts,
  mergedTexts,
  NOTHING_VARIES,
  readSuiteTexts,
  type SuiteTexts,
  suiteTexts,
  withSettings,
} from './sweep-form.ts';
import type { Manifest, OptionSpec, PresetSpec } from '../../shared/model/workload.ts';

/** What the person has typed. Fields hold text, so that a half-typed number is never rewritten under them. */
export interface LaunchForm extends MachineTexts, SuiteTexts {
  readonly workload: string;
  readonly preset: string;
  /** The suite that stands in the place of a preset; then the options are its parameters. */
  readonly suite: FormSuite | null;
  /** Machine settings that came with an own preset: they go when another is chosen. */
  readonly brought: MachineSettings;
  readonly startFrom: string;
  /** Indices of the only experiments that are wanted; empty = all. */
  readonly only: string;
  readonly forceOverwrite: boolean;
}

export interface FormSuite {
  readonly id: string;
  /** Its parameters as the file has them. */
  readonly file: SuiteTexts;
}

/** A request, or the fields that stand in its way with a sentence each. */
export type FormReading =
  | { readonly kind: 'request'; readonly request: PlanCallInput }
  | { readonly kind: 'problems'; readonly problems: Readonly<Record<string, string>> };

/** A form for a preset with its defaults; machine settings stay as the person left them. */
export function startForm(manifest: Manifest, preset: string, before: LaunchForm | null): LaunchForm {
  const brought = presetOf(manifest, preset)?.own?.machine ?? {};
  return {
    ...settingsAfterChoice(before, { last: before?.brought ?? {}, next: brought }),
    brought,
    ...NOTHING_VARIES,
    startFrom: '0',
    only: '',
    forceOverwrite: false,
    workload: manifest.name,
    preset,
    suite: null,
    options: presetOptions(manifest, preset),
  };
}

/**
 * A form for a suite as its file has it, or as an own preset has its parameters. What was typed for this very suite stays,
 * and so do machine settings.
 */
export function suiteForm(
  manifest: Manifest,
  suite: Pick<SuiteDocument, 'id' | 'check'>,
  { before, own }: { readonly before: LaunchForm | null; readonly own?: PresetSpec | undefined },
): LaunchForm {
  const file = suiteTexts(suite.check);
  const preset = own?.name ?? 'suite';
  if (before?.suite?.id !== suite.id || before.preset !== preset) {
    const form = { ...startForm(manifest, preset, before), suite: { id: suite.id, file } };
    return { ...form, ...suiteBase(form, manifest) };
  }
  // A file with a mistake tells no parameters; they come back with the next good one.
  if (suite.check.kind === 'problem') return before;
  const old = suiteBase(before, manifest);
  const next = { ...before, suite: { id: suite.id, file } };
  const base = suiteBase(next, manifest);
  return { ...next, ...mergedTexts(base, { typed: before, untyped: old }) };
}

/** A form that asks for the same again as an earlier batch did. */
export function formOf(
  manifest: Manifest,
  request: PlanRequest,
  suite: SuiteDocument | null = null,
): LaunchForm {
  const start =
    suite === null ? startForm(manifest, request.preset, null) : suiteForm(manifest, suite, { before: null });
  const asked = Object.entries(request.options).map(([name, value]) => [name, textOf(value)]);
  // An own preset may be gone since: its request says all by itself, so that any other does as the ground.
  const known = presetOf(manifest, start.preset);
  const preset = known ?? (suite === null ? manifest.presets[0] : undefined);
  const options = known?.own === undefined ? start.options : presetOptions(manifest, '');
  return {
    ...start,
    ...(preset === undefined ? {} : { preset: preset.name }),
    ...(suite === null
      ? { options: { ...options, ...Object.fromEntries(asked) } }
      : withSettings(start, request)),
    ...machineTexts(request),
    startFrom: String(request.startFrom),
    only: request.only?.join(', ') ?? '',
    forceOverwrite: request.forceOverwrite,
  };
}

/** As much of an experiment as its clone needs. */
export type ClonedExperiment = Pick<ExperimentRecord, 'index' | 'parameters'>;

/**
 * A form for one experiment of an earlier batch. Of a suite every parameter has its value; where options or phases make several
 * experiments of one request, the form asks for this one of them.
 */
export function experimentForm(
  manifest: Manifest,
  asked: {
    readonly request: PlanRequest;
    readonly suite: SuiteDocument | null;
    readonly experiment: ClonedExperiment;
  },
): LaunchForm {
  const { request, suite, experiment } = asked;
  const { startFrom: _, only: __, ...whole } = request;
  const values = z.record(z.string(), suiteValue).safeParse(experiment.parameters['values']);
  const single =
    suite?.check.kind === 'ok' &&
    suite.check.sweep !== null &&
    values.success &&
    // A list would be tried value by value.
    !Object.values(values.data).some((value) => Array.isArray(value));
  if (!single) {
    const form = formOf(manifest, { ...whole, startFrom: 0 }, suite);
    return { ...form, only: String(experiment.index) };
  }
  const { sweep: ___, ...rest } = whole;
  return {
    ...formOf(manifest, { ...rest, startFrom: 0, options: values.data as Parameters }, suite),
    ...NOTHING_VARIES,
  };
}

export function presetOf(manifest: Manifest, name: string | undefined): PresetSpec | undefined {
  return manifest.presets.find((candidate) => candidate.name === name);
}

/** Whether a suite stands behind the form: one that was opened, or one that the preset is made of. */
export function isSuite(manifest: Manifest, form: Pick<LaunchForm, 'preset' | 'suite'>): boolean {
  return form.suite !== null || presetOf(manifest, form.preset)?.suite !== undefined;
}

/** Text of every option as the preset has it. */
export function presetOptions(manifest: Manifest, preset: string): Record<string, string> {
  const given = presetOf(manifest, preset)?.options ?? {};
  return Object.fromEntries(
    manifest.options.map((spec) => [spec.name, textOf(given[spec.name] ?? spec.default)]),
  );
}

/** The parameters of a suite as its file has them, with what an own preset sets. */
function suiteBase(form: Pick<LaunchForm, 'preset' | 'suite'>, manifest: Manifest): SuiteTexts {
  const file = form.suite?.file ?? { ...NOTHING_VARIES, options: {} };
  const preset = presetOf(manifest, form.preset);
  return preset?.own === undefined
    ? file
    : withSettings(file, { options: preset.options, sweep: preset.own.sweep });
}

/** Options or parameters as the chosen preset or suite has them. */
export function baseTexts(form: Pick<LaunchForm, 'preset' | 'suite'>, manifest: Manifest): SuiteTexts {
  if (form.suite !== null) return suiteBase(form, manifest);
  return { ...NOTHING_VARIES, options: presetOptions(manifest, form.preset) };
}

/** What a person has changed: names of options or parameters, and machine settings. */
export interface FormChanges {
  readonly options: readonly string[];
  readonly machine: readonly (keyof MachineTexts)[];
}

export function formChanges(form: LaunchForm, manifest: Manifest): FormChanges {
  const own = presetOf(manifest, form.preset)?.own;
  return {
    options: changedTexts(form, baseTexts(form, manifest)),
    machine: changedSettings(form, own === undefined ? NO_SETTINGS : machineTexts(own.machine)),
  };
}

/** The request that a form stands for. Only options that differ from the preset are sent. */
export function readForm(form: LaunchForm, manifest: Manifest): FormReading {
  const problems: Record<string, string> = {};
  const asked =
    form.suite === null
      ? { options: readOptions(form, manifest, problems) }
      : readSuiteTexts(form, form.suite.file, problems);
  function whole(name: keyof LaunchForm, limits: { min: number; max: number; empty?: number }): number {
    const text = String(form[name]).trim();
    if (text === '' && limits.empty !== undefined) return limits.empty;
    const value = Number(text);
    if (text !== '' && Number.isInteger(value) && value >= limits.min && value <= limits.max) return value;
    problems[name] = `A whole number from ${limits.min} to ${limits.max.toLocaleString('en')}.`;
    return limits.min;
  }
  function positive(name: 'memoryGb' | 'timeoutMinutes'): number | null {
    const text = form[name].trim();
    if (text === '') return null;
    const value = Number(text);
    if (Number.isFinite(value) && value > 0) return value;
    problems[name] = 'A number above 0, or nothing.';
    return null;
  }
  function wholeOrUnsaid(
    name: 'threads' | 'retries' | 'retryDelay',
    limits: { min: number; max: number; as?: string },
  ): object {
    return form[name].trim() === '' ? {} : { [limits.as ?? name]: whole(name, limits) };
  }
  const memoryGb = positive('memoryGb');
  const timeoutMinutes = positive('timeoutMinutes');
  const request: PlanCallInput = {
    workload: form.workload,
    preset: form.preset,
    ...(form.suite === null ? {} : { suiteId: form.suite.id }),
    ...asked,
    ...(presetOf(manifest, form.preset)?.own === undefined ? {} : { presetMachine: false }),
    ...onlyOf(form, problems),
    ...(form.device === '' ? {} : { device: form.device }),
    workers: whole('workers', { min: 1, max: 64, empty: 0 }),
    profile: form.profile,
    seed: whole('seed', { min: 0, max: Number.MAX_SAFE_INTEGER }),
    forceOverwrite: form.forceOverwrite,
    startFrom: whole('startFrom', { min: 0, max: 100_000 }),
    ...wholeOrUnsaid('threads', { min: 1, max: 256 }),
    ...wholeOrUnsaid('retries', { min: 0, max: 10 }),
    ...wholeOrUnsaid('retryDelay', { min: 0, max: 86_400, as: 'retryDelaySeconds' }),
    ...(form.whenFailed === '' ? {} : { failFast: form.whenFailed === 'stop' }),
    ...(memoryGb === null ? {} : { memoryGb }),
    ...(timeoutMinutes === null ? {} : { timeoutSeconds: timeoutMinutes * 60 }),
  };
  return Object.keys(problems).length > 0 ? { kind: 'problems', problems } : { kind: 'request', request };
}

function onlyOf(form: LaunchForm, problems: Record<string, string>): { only?: number[] } {
  if (form.only.trim() === '') return {};
  const parts = form.only.split(/[\s,]+/).filter((part) => part !== '');
  const only = parts.flatMap((part) => {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last)];
    return from <= to && to - from < MOST_EXPERIMENTS
      ? Array.from({ length: to - from + 1 }, (_, at) => from + at)
      : [];
  });
  if (only.length >= parts.length && only.length > 0) return { only };
  problems.only = 'Numbers of experiments, such as 3, 5 or 0-4, or nothing.';
  return {};
}

/** Options that differ from the preset; those that cannot be read go to `problems`. */
function readOptions(
  form: LaunchForm,
  manifest: Manifest,
  problems: Record<string, string>,
): Record<string, Json> {
  const options: Record<string, Json> = {};
  const defaults = presetOptions(manifest, form.preset);
  for (const spec of manifest.options) {
    const text = form.options[spec.name] ?? '';
    if (text.trim() === (defaults[spec.name] ?? '')) continue;
    const value = readOption(spec, text);
    if (value.kind === 'problem') problems[spec.name] = value.sentence;
    else options[spec.name] = value.value;
  }
  return options;
}

type OptionReading =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'problem'; readonly sentence: string };

/** The value that a text stands for, by the manifest's type and range. */
export function readOption(spec: OptionSpec, text: string): OptionReading {
  const trimmed = text.trim();
  switch (spec.type) {
    case 'boolean':
      return { kind: 'value', value: trimmed === 'true' };
    case 'choice':
    case 'string':
      return { kind: 'value', value: trimmed };
    case 'integer':
    case 'number':
      return readNumber(spec, trimmed);
    case 'integer-list': {
      const parts = trimmed.split(/[\s,]+/).filter((part) => part !== '');
      const values = parts.map((part) => readNumber({ ...spec, type: 'integer' }, part));
      const bad = values.find((value) => value.kind === 'problem');
      if (bad)
        return { kind: 'problem', sentence: `Whole numbers with commas between them. ${bad.sentence}` };
      return { kind: 'value', value: values.map((value) => (value.kind === 'value' ? value.value : null)) };
    }
  }
}

function readNumber(spec: OptionSpec, text: string): OptionReading {
  const value = Number(text);
  const fits = text !== '' && Number.isFinite(value) && (spec.type === 'number' || Number.isInteger(value));
  const { min = -Infinity, max = Infinity } = spec;
  if (fits && value >= min && value <= max) return { kind: 'value', value };
  return { kind: 'problem', sentence: rangeSentence(spec) };
}

/** What a number field accepts, for people: "A whole number from 1 to 1,000." */
export function rangeSentence(spec: OptionSpec): string {
  const noun = spec.type === 'number' ? 'A number' : 'A whole number';
  const shown = (value: number): string => value.toLocaleString('en');
  if (spec.min !== undefined && spec.max !== undefined)
    return `${noun} from ${shown(spec.min)} to ${shown(spec.max)}.`;
  if (spec.min !== undefined) return `${noun}, at least ${shown(spec.min)}.`;
  if (spec.max !== undefined) return `${noun}, at most ${shown(spec.max)}.`;
  return `${noun}.`;
}

/** The text of an option's value, as a field shows it. */
export function textOf(value: Json): string {
  if (Array.isArray(value)) return value.map((part) => String(part)).join(', ');
  return value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
}
