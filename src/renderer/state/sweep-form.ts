import { isDraw, isList, isRange } from '../../shared/domain/suite-override.ts';
import { readSuiteText, suiteText } from '../../shared/domain/suite-parameters.ts';
import type { Values } from '../../shared/domain/sweep.ts';
import type { Json, Parameters } from '../../shared/model/json.ts';
import type { RequestSweep } from '../../shared/model/request-sweep.ts';
import { type SuiteSetting, type SuiteValue, suiteSetting } from '../../shared/model/suite.ts';
import type { SuiteCheck } from '../../shared/model/suite-entry.ts';

/** How a parameter varies where its text does not say it. Fields hold texts. */
export type AxisForm =
  | {
      readonly kind: 'range';
      readonly from: string;
      readonly to: string;
      readonly count: string;
      readonly scale: 'linear' | 'log';
    }
  | {
      readonly kind: 'random';
      readonly distribution: 'uniform' | 'logUniform' | 'integer' | 'choice';
      readonly low: string;
      readonly high: string;
      /** Of `choice`, as a list. */
      readonly choices: string;
    }
  /** Seeds from 0. */
  | { readonly kind: 'seeds'; readonly count: string };

/** Experiments that came from a table. */
export interface FormTable {
  /** Of the file; empty where it was pasted or comes from a preset. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly Values[];
}

/** The parameters of a suite as a person has set them. */
export interface SuiteTexts {
  /** Values and lists by name; empty = as the suite has it, or as `axes` says. */
  readonly options: Readonly<Record<string, string>>;
  readonly axes: Readonly<Record<string, AxisForm>>;
  /** Parameters whose lists advance together. */
  readonly together: readonly string[];
  readonly draws: string;
  readonly table: FormTable | null;
}

export const NOTHING_VARIES: Omit<SuiteTexts, 'options'> = { axes: {}, together: [], draws: '', table: null };

type SuiteFacts = Extract<SuiteCheck, { kind: 'ok' }>;

/** The parameters as the file has them. */
export function suiteTexts(check: SuiteCheck): SuiteTexts {
  const { parameters, sweep }: Pick<SuiteFacts, 'parameters' | 'sweep'> =
    check.kind === 'ok' ? check : { parameters: [], sweep: null };
  return {
    options: Object.fromEntries(parameters.map(({ name, text }) => [name, text])),
    axes: Object.fromEntries(
      parameters.flatMap(({ name, setting }) => {
        const axis = setting === undefined ? null : axisOf(name, setting);
        return axis === null ? [] : [[name, axis]];
      }),
    ),
    together: parameters.filter((one) => one.together).map(({ name }) => name),
    draws: String(sweep?.draws ?? ''),
    table: null,
  };
}

/** The same with what a preset or an earlier batch has set. */
export function withSettings(
  base: SuiteTexts,
  given: { readonly options: Parameters; readonly sweep?: RequestSweep | undefined },
): SuiteTexts {
  const { sweep } = given;
  const options: Record<string, string> = { ...base.options };
  const axes: Record<string, AxisForm> = { ...base.axes };
  for (const [name, value] of Object.entries(given.options)) {
    const known = suiteSetting.safeParse(value);
    const axis = known.success ? axisOf(name, known.data) : null;
    delete axes[name];
    if (axis !== null) axes[name] = axis;
    options[name] = axis === null && known.success ? suiteText(known.data as SuiteValue) : '';
  }
  return {
    options,
    axes,
    together: sweep?.zip ?? base.together,
    draws: sweep?.draws === undefined ? base.draws : String(sweep.draws),
    table: sweep?.list === undefined ? base.table : tableOf('', sweep.list),
  };
}

export function tableOf(name: string, rows: readonly Values[]): FormTable {
  return { name, columns: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows };
}

/** Null = a value or a list, which a text says. */
function axisOf(name: string, setting: SuiteSetting): AxisForm | null {
  if (name === 'seed' && isList(setting) && setting.every((seed, at) => seed === at))
    return { kind: 'seeds', count: String(setting.length) };
  if (isRange(setting)) {
    const { from, to, step, scale } = setting;
    const distance = step ?? 1;
    // A hair more, so that 0 to 1 by 0.1 ends with 1 in spite of rounding.
    const count = setting.count ?? Math.floor((to - from) / distance + 1e-9) + 1;
    const end = setting.count === undefined ? Number((from + (count - 1) * distance).toPrecision(12)) : to;
    return { kind: 'range', from: String(from), to: String(end), count: String(count), scale };
  }
  if (!isDraw(setting)) return null;
  const { uniform, logUniform, integer, choice } = setting;
  const [low, high] = uniform ?? logUniform ?? integer ?? ['', ''];
  return {
    kind: 'random',
    distribution: uniform ? 'uniform' : logUniform ? 'logUniform' : integer ? 'integer' : 'choice',
    low: String(low),
    high: String(high),
    choices: choice === undefined ? '' : suiteText(choice.map((one) => (isList(one) ? suiteText(one) : one))),
  };
}

/** What an axis asks for, or the sentence that stands in the way. */
export function readAxis(axis: AxisForm): { readonly setting: SuiteSetting } | { readonly problem: string } {
  switch (axis.kind) {
    case 'seeds': {
      const count = wholeNumber(axis.count);
      return count === null || count > 10_000
        ? { problem: 'How many seeds: a whole number from 1 to 10,000.' }
        : { setting: Array.from({ length: count }, (_, seed) => seed) };
    }
    case 'range': {
      const [from, to, count] = [number(axis.from), number(axis.to), wholeNumber(axis.count)];
      if (from === null || to === null) return { problem: 'From and to are numbers.' };
      if (count === null) return { problem: 'How many values: a whole number, at least 1.' };
      if (axis.scale === 'log' && !(from > 0 && to > 0))
        return { problem: 'On a log scale both ends are above 0.' };
      return { setting: { from, to, count, scale: axis.scale } };
    }
    case 'random': {
      if (axis.distribution === 'choice') {
        const choices = readSuiteText(
          axis.choices.trim().startsWith('[') ? axis.choices : `[${axis.choices}]`,
        );
        return isList(choices) && choices.length > 0
          ? { setting: { choice: choices } }
          : { problem: 'What is chosen from, such as relu, gelu.' };
      }
      const [low, high] = [number(axis.low), number(axis.high)];
      if (low === null || high === null || low > high)
        return { problem: 'The lowest and the highest number, in this order.' };
      if (axis.distribution === 'logUniform' && low <= 0)
        return { problem: 'On a log scale the lowest is above 0.' };
      return { setting: { [axis.distribution]: [low, high] } };
    }
  }
}

/** What of the form differs from its file, as a request says it. Problems go by `axis:<name>` and `draws`. */
export function readSuiteTexts(
  form: SuiteTexts,
  file: SuiteTexts,
  problems: Record<string, string>,
): { options: Record<string, Json>; sweep?: RequestSweep } {
  const options: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(form.options), ...Object.keys(form.axes)])) {
    const axis = form.axes[name];
    const text = (form.options[name] ?? '').trim();
    if (form.table?.columns.includes(name)) continue;
    if (axis === undefined) {
      if (text !== '' && text !== file.options[name]) options[name] = readSuiteText(text) as Json;
      continue;
    }
    const reading = readAxis(axis);
    if ('problem' in reading) problems[`axis:${name}`] = reading.problem;
    else if (!same(axis, file.axes[name])) options[name] = reading.setting as Json;
  }
  const draws = wholeNumber(form.draws);
  const drawn = Object.values(form.axes).some(({ kind }) => kind === 'random');
  if (drawn && draws === null) problems.draws = 'How often they are drawn: a whole number, at least 1.';
  const together = form.together.filter((name) => !form.table?.columns.includes(name));
  const sweep: RequestSweep = {
    ...(same(together.toSorted(), file.together.toSorted()) ? {} : { zip: [...together] }),
    ...(drawn && draws !== null && form.draws.trim() !== file.draws ? { draws } : {}),
    ...(form.table === null ? {} : { list: form.table.rows.map((row) => ({ ...row })) }),
  };
  return Object.keys(sweep).length === 0 ? { options } : { options, sweep };
}

/** What a file says anew, with what was typed since the last time in its place. */
export function mergedTexts(
  base: SuiteTexts,
  { typed, untyped }: { readonly typed: SuiteTexts; readonly untyped: SuiteTexts },
): Pick<SuiteTexts, 'options' | 'axes'> {
  const options: Record<string, string> = { ...base.options };
  const axes: Record<string, AxisForm> = { ...base.axes };
  for (const name of Object.keys(base.options)) {
    const [text, axis] = [typed.options[name] ?? '', typed.axes[name]];
    if (text === (untyped.options[name] ?? '') && same(axis, untyped.axes[name])) continue;
    options[name] = text;
    delete axes[name];
    if (axis !== undefined) axes[name] = axis;
  }
  return { options, axes };
}

/** Names of what differs between two settings of a suite. */
export function changedTexts(form: SuiteTexts, base: SuiteTexts): string[] {
  const names = [...new Set([...Object.keys(base.options), ...Object.keys(form.options)])];
  const changed = names.filter(
    (name) =>
      (form.options[name] ?? '').trim() !== (base.options[name] ?? '').trim() ||
      !same(form.axes[name], base.axes[name]),
  );
  return [
    ...changed,
    ...(same(form.together.toSorted(), base.together.toSorted()) ? [] : ['what goes together']),
    ...(form.draws.trim() === base.draws ? [] : ['draws']),
    ...(same(form.table?.rows, base.table?.rows) ? [] : ['the table']),
  ];
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function number(text: string): number | null {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

function wholeNumber(text: string): number | null {
  const value = number(text);
  return value !== null && Number.isInteger(value) && value >= 1 ? value : null;
}
