import type { Json } from '../../shared/model/json.ts';
import { readSuiteText, suiteText } from '../../shared/domain/suite-parameters.ts';
import { suiteValue } from '../../shared/model/suite.ts';
import type { SuiteDocument } from '../../shared/model/suite-entry.ts';
import type { PlanRequest, Profile } from '../../shared/model/plan.ts';
import type { PlanCallInput } from '../../shared/model/plan-call.ts';
import type { DeviceChoice, Manifest, OptionSpec } from '../../shared/model/workload.ts';

/** What the person has typed. Fields hold text, so that a half-typed number is never rewritten under them. */
export interface LaunchForm {
  readonly workload: string;
  readonly preset: string;
  /** The suite that stands in the place of a preset; then the options are its parameters. */
  readonly suite: FormSuite | null;
  /** By option name. */
  readonly options: Readonly<Record<string, string>>;
  /** Empty = nothing is asked for, so that a suite may say it; the same for `threads`, `retries` and `retryDelay`. */
  readonly device: DeviceChoice | '';
  readonly profile: Profile;
  readonly workers: string;
  readonly memoryGb: string;
  readonly seed: string;
  readonly threads: string;
  readonly retries: string;
  /** Seconds. */
  readonly retryDelay: string;
  /** Empty = nothing is asked for. */
  readonly whenFailed: 'go-on' | 'stop' | '';
  readonly timeoutMinutes: string;
  readonly startFrom: string;
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
  return {
    device: before?.device ?? '',
    profile: before?.profile ?? 'aggressive',
    workers: before?.workers ?? '',
    memoryGb: before?.memoryGb ?? '',
    seed: before?.seed ?? '42',
    threads: before?.threads ?? '',
    retries: before?.retries ?? '',
    retryDelay: before?.retryDelay ?? '',
    whenFailed: before?.whenFailed ?? '',
    timeoutMinutes: before?.timeoutMinutes ?? '',
    startFrom: '0',
    forceOverwrite: false,
    workload: manifest.name,
    preset,
    suite: null,
    options: presetOptions(manifest, preset),
  };
}

/** A form for a suite as its file has it. What was typed for this very suite stays, and so do machine settings. */
export function suiteForm(
  manifest: Manifest,
  suite: Pick<SuiteDocument, 'id' | 'check'>,
  before: LaunchForm | null,
): LaunchForm {
  const parameters = suite.check.kind === 'ok' ? suite.check.parameters : [];
  const texts = Object.fromEntries(parameters.map(({ name, text }) => [name, text]));
  if (before?.suite?.id !== suite.id)
    return { ...startForm(manifest, 'suite', before), suite: { id: suite.id, texts }, options: texts };
  // A file with a mistake tells no parameters; they come back with the next good one.
  if (suite.check.kind === 'problem') return before;
  const { texts: old } = before.suite;
  const typed = Object.entries(before.options).filter(([name, text]) => name in texts && text !== old[name]);
  return { ...before, suite: { id: suite.id, texts }, options: { ...texts, ...Object.fromEntries(typed) } };
}

/** A form that asks for the same again as an earlier batch did. */
export function formOf(
  manifest: Manifest,
  request: PlanRequest,
  suite: SuiteDocument | null = null,
): LaunchForm {
  const start = suite === null ? startForm(manifest, request.preset, null) : suiteForm(manifest, suite, null);
  const shown = suite === null ? textOf : suiteTextOf;
  const asked = Object.entries(request.options).map(([name, value]) => [name, shown(value)]);
  return {
    ...start,
    options: { ...start.options, ...Object.fromEntries(asked) },
    device: request.device ?? '',
    profile: request.profile,
    workers: request.workers === 0 ? '' : String(request.workers),
    memoryGb: request.memoryGb === undefined ? '' : String(request.memoryGb),
    seed: String(request.seed),
    threads: String(request.threads ?? ''),
    retries: String(request.retries ?? ''),
    retryDelay: String(request.retryDelaySeconds ?? ''),
    whenFailed: request.failFast === undefined ? '' : request.failFast ? 'stop' : 'go-on',
    timeoutMinutes: request.timeoutSeconds === undefined ? '' : String(request.timeoutSeconds / 60),
    startFrom: String(request.startFrom),
    forceOverwrite: request.forceOverwrite,
  };
}

/** Whether a suite stands behind the form: one that was opened, or one that the preset is made of. */
export function isSuite(manifest: Manifest, form: Pick<LaunchForm, 'preset' | 'suite'>): boolean {
  const preset = manifest.presets.find((candidate) => candidate.name === form.preset);
  return form.suite !== null || preset?.suite !== undefined;
}

/** Text of every option as the preset has it. */
export function presetOptions(manifest: Manifest, preset: string): Record<string, string> {
  const given = manifest.presets.find((candidate) => candidate.name === preset)?.options ?? {};
  return Object.fromEntries(
    manifest.options.map((spec) => [spec.name, textOf(given[spec.name] ?? spec.default)]),
  );
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
