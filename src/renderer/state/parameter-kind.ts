import { readSuiteText, suiteText } from '../../shared/domain/suite-parameters.ts';
import { axisValues } from '../../shared/domain/sweep.ts';
import type { SuiteValue } from '../../shared/model/suite.ts';
import type { SuiteParameter } from '../../shared/model/suite-entry.ts';
import { type AxisForm, readAxis, type SuiteTexts } from './sweep-form.ts';

/** How a parameter is set; `suite` = as its file has it, which no field can show. */
export type ParameterWay = 'suite' | 'value' | 'list' | 'range' | 'random' | 'seeds';

const TITLES: Readonly<Record<ParameterWay, string>> = {
  suite: 'As the suite',
  value: 'Value',
  list: 'List',
  range: 'Range',
  random: 'Random',
  seeds: 'Number',
};

/** Longer ranges are not written out when they become a list. */
const LONGEST_LIST = 50;

export function kindOfParameter(form: SuiteTexts, name: string): ParameterWay {
  const axis = form.axes[name];
  if (axis !== undefined) return axis.kind;
  const text = (form.options[name] ?? '').trim();
  if (text === '') return 'suite';
  return text.startsWith('[') ? 'list' : 'value';
}

/** The ways that a parameter can be set. */
export function kindChoices(
  { name, text, setting }: SuiteParameter,
  now: ParameterWay,
): readonly { readonly value: ParameterWay; readonly title: string }[] {
  const ways: ParameterWay[] = ['value', 'list', 'range', 'random'];
  if (name === 'seed') ways.splice(2, 2, 'seeds');
  if (now !== 'suite' && !ways.includes(now)) ways.push(now);
  if (now === 'suite' || (text === '' && setting === undefined)) ways.unshift('suite');
  return ways.map((value) => ({ value, title: TITLES[value] }));
}

/** The form with a parameter set in another way: what it was before is taken over as far as it can be. */
export function parameterAs(
  form: SuiteTexts,
  { name, kind }: SuiteParameter,
  way: string,
): Partial<SuiteTexts> {
  const { [name]: axis, ...others } = form.axes;
  const values = valuesOf(form.options[name] ?? '', axis, name);
  const text = (written: string): Partial<SuiteTexts> => ({
    axes: others,
    options: { ...form.options, [name]: written },
  });
  const set = (next: AxisForm): Partial<SuiteTexts> => ({
    axes: { ...others, [name]: next },
    options: { ...form.options, [name]: '' },
  });
  const numbers = values.filter((value) => typeof value === 'number');
  const first = numbers[0];
  const last = numbers.at(-1);
  switch (way) {
    case 'suite':
      return text('');
    case 'value':
      return text(values[0] === undefined ? '' : suiteText(values[0] as SuiteValue));
    case 'list':
      return text(values.length === 0 ? '[]' : suiteText(values as SuiteValue));
    case 'range':
      return set({
        kind: 'range',
        from: String(first ?? 0),
        to: String(last === undefined || last === first ? (first ?? 0) + 1 : last),
        count: String(Math.max(numbers.length, 3)),
        scale: axis?.kind === 'random' && axis.distribution === 'logUniform' ? 'log' : 'linear',
      });
    case 'seeds':
      return set({ kind: 'seeds', count: String(Math.max(1, values.length)) });
    case 'random':
      return {
        ...set({
          kind: 'random',
          distribution:
            kind !== 'number' && numbers.length === 0
              ? 'choice'
              : axis?.kind === 'range' && axis.scale === 'log'
                ? 'logUniform'
                : 'uniform',
          low: first === undefined ? '' : String(Math.min(...numbers)),
          high: first === undefined ? '' : String(Math.max(...numbers)),
          choices: numbers.length === values.length ? '' : suiteText(values as SuiteValue),
        }),
        draws: form.draws.trim() === '' ? '10' : form.draws,
      };
    default:
      return {};
  }
}

type Scalar = Exclude<SuiteValue, readonly unknown[]>;

/** The values that a parameter has now. */
function valuesOf(text: string, axis: AxisForm | undefined, name: string): Scalar[] {
  if (axis === undefined) {
    if (text.trim() === '') return [];
    const value = readSuiteText(text);
    return Array.isArray(value) ? value : [value];
  }
  if (axis.kind === 'random' && axis.distribution !== 'choice')
    return [axis.low, axis.high].flatMap((end) => (end.trim() === '' ? [] : [Number(end)]));
  const reading = readAxis(axis);
  if ('problem' in reading) return [];
  const { setting } = reading;
  if (Array.isArray(setting)) return setting as Scalar[];
  if (typeof setting !== 'object' || setting === null) return [setting];
  if ('choice' in setting) return (setting.choice ?? []) as Scalar[];
  if (!('from' in setting)) return [];
  return setting.count !== undefined && setting.count > LONGEST_LIST
    ? [setting.from, setting.to]
    : (axisValues(name, setting, []) as Scalar[]);
}
