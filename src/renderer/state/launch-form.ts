import type { Json } from '../../shared/model/json.ts';
import { readSuiteText, suiteText } from '../../shared/domain/suite-parameters.ts';
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
import type { Manifest, OptionSpec, PresetSpec } from '../../shared/model/workload.ts';

/** What the person has typed. Fields hold text, so that a half-typed number is never rewritten under them. */
export interface LaunchForm extends MachineTexts {
  readonly workload: string;
  readonly preset: string;
  /** The suite that stands in the place of a preset; then the options are its parameters. */
  readonly suite: FormSuite | null;
  /** By option name. */
  readonly options: Readonly<Record<string, string>>;
  readonly startFrom: string;
  /** Indices of the only experiments that are wanted; empty = all. */
  readonly only: string;
  readonly forceOverwrite: boolean;
}

export interface FormSuite {
  readonly id: string;
  /** Its parameters as the file has them, by name. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A request, or the fields that stand in its way with a sentence each. */
export type FormReading =
  | { readonly kind: 'request'; readonly request: PlanCallInput }
  | { readonly kind: 'problems'; readonly problems: Readonly<Record<string, string>> };

/** A form for a preset with its defaults; machine settings stay as the person left them. */
export function startForm(manifest: Manifest, preset: string, before: LaunchForm | null): LaunchForm {
  const own = (name: string | undefined) => presetOf(manifest, name)?.own?.machine;
  const last = before?.workload === manifest.name ? own(before.preset) : undefined;
  return {
    ...settingsAfterChoice(before, { last, next: own(preset) }),
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
  const parameters = suite.check.kind === 'ok' ? suite.check.parameters : [];
  const texts = Object.fromEntries(parameters.map(({ name, text }) => [name, text]));
  const preset = own?.name ?? 'suite';
  if (before?.suite?.id !== suite.id || before.preset !== preset) {
    const form = { ...startForm(manifest, preset, before), suite: { id: suite.id, texts } };
    return { ...form, options: baseOptions(form, manifest) };
  }
  // A file with a mistake tells no parameters; they come back with the next good one.
  if (suite.check.kind === 'problem') return before;
  const old = baseOptions(before, manifest);
  const next = { ...before, suite: { id: suite.id, texts } };
  const typed = Object.entries(before.options).filter(([name, text]) => name in texts && text !== old[name]);
  return { ...next, options: { ...baseOptions(next, manifest), ...Object.fromEntries(typed) } };
}

/** A form that asks for the same again as an earlier batch did. */
export function formOf(
  manifest: Manifest,
  request: PlanRequest,
  suite: SuiteDocument | null = null,
): LaunchForm {
  const start =
    suite === null ? startForm(manifest, request.preset, null) : suiteForm(manifest, suite, { before: null });
  const shown = suite === null ? textOf : suiteTextOf;
  const asked = Object.entries(request.options).map(([name, value]) => [name, shown(value)]);
  // An own preset may be gone since: its request says all by itself, so that any other does as the ground.
  const known = presetOf(manifest, start.preset);
  const preset = known ?? (suite === null ? manifest.presets[0] : undefined);
  const options = known?.own === undefined ? start.options : presetOptions(manifest, '');
  return {
    ...start,
    ...(preset === undefined ? {} : { preset: preset.name }),
    options: { ...options, ...Object.fromEntries(asked) },
    ...machineTexts(request),
    startFrom: String(request.startFrom),
    only: request.only?.join(', ') ?? '',
    forceOverwrite: request.forceOverwrite,
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

/** Text of every option or parameter as the chosen preset or suite has it. */
export function baseOptions(
  form: Pick<LaunchForm, 'preset' | 'suite'>,
  manifest: Manifest,
): Record<string, string> {
  if (form.suite === null) return presetOptions(manifest, form.preset);
  const own = presetOf(manifest, form.preset)?.own && presetOf(manifest, form.preset)?.options;
  const set = Object.entries(own ?? {}).map(([name, value]) => [name, suiteTextOf(value)]);
  return { ...form.suite.texts, ...Object.fromEntries(set) };
}

/** What a person has changed: names of options or parameters, and machine settings. */
export interface FormChanges {
  readonly options: readonly string[];
  readonly machine: readonly (keyof MachineTexts)[];
}

export function formChanges(form: LaunchForm, manifest: Manifest): FormChanges {
  const base = baseOptions(form, manifest);
  const own = presetOf(manifest, form.preset)?.own;
  return {
    options: Object.keys(base).filter(
      (name) => (form.options[name] ?? '').trim() !== (base[name] ?? '').trim(),
    ),
    machine: changedSettings(form, own === undefined ? NO_SETTINGS : machineTexts(own.machine)),
  };
}

/** The request that a form stands for. Only options that differ from the preset are sent. */
export function readForm(form: LaunchForm, manifest: Manifest): FormReading {
  const problems: Record<string, string> = {};
  const options = form.suite === null ? readOptions(form, manifest, problems) : readParameters(form);
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
    options,
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

/** Parameters that differ from the suite; an emptied field is as the suite has it. */
function readParameters(form: LaunchForm): Record<string, Json> {
  const changed = Object.entries(form.options).filter(
    ([name, text]) => text.trim() !== '' && text.trim() !== form.suite?.texts[name],
  );
  return Object.fromEntries(changed.map(([name, text]) => [name, readSuiteText(text) as Json]));
}

function suiteTextOf(value: Json): string {
  const known = suiteValue.safeParse(value);
  return known.success ? suiteText(known.data) : textOf(value);
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
