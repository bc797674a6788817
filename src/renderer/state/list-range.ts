import { formatNumber } from '../../shared/domain/format.ts';
import { axisValues, MOST_EXPERIMENTS } from '../../shared/domain/sweep.ts';
import type { SweepRange } from '../../shared/model/suite.ts';
import type { OptionSpec } from '../../shared/model/workload.ts';
import { rangeSentence } from './launch-form.ts';
import { type AxisForm, readAxis } from './sweep-form.ts';

type RangeForm = Extract<AxisForm, { kind: 'range' }>;

/** The whole numbers that a range stands for, each once; or why there are none. */
export function listFromRange(
  range: RangeForm,
  spec: OptionSpec,
): { readonly list: readonly number[] } | { readonly problem: string } {
  const reading = readAxis(range);
  if ('problem' in reading) return reading;
  const setting = reading.setting as SweepRange;
  if ((setting.count ?? 0) > MOST_EXPERIMENTS)
    return { problem: `At most ${formatNumber(MOST_EXPERIMENTS)} values.` };
  const rounded = axisValues(spec.name, setting, []).map((value) => Math.round(Number(value)));
  const list = [...new Set(rounded)];
  const { min = -Infinity, max = Infinity } = spec;
  if (list.some((value) => value < min || value > max))
    return { problem: rangeSentence({ ...spec, type: 'integer' }) };
  return { list };
}
