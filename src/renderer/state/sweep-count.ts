import { formatCount, formatNumber, formatProduct } from '../../shared/domain/format.ts';
import { readSuiteText } from '../../shared/domain/suite-parameters.ts';
import { MOST_EXPERIMENTS } from '../../shared/domain/sweep.ts';
import type { SuiteCheck } from '../../shared/model/suite-entry.ts';
import { readAxis, type SuiteTexts } from './sweep-form.ts';

/** How many runs the parameters of a suite make, and why. */
export interface SweepCount {
  /** "3 × 4 × 2 seeds = 24 runs". */
  readonly text: string;
  readonly count: number;
  /** Why there is no such number, or too large a one. */
  readonly problem: string | null;
}

interface Factor {
  readonly count: number;
  /** Absent where the number says it. */
  readonly word?: string;
}

/** Null = it cannot be told from the form: the suite has phases, or a field cannot be read. */
export function sweepCount(form: SuiteTexts, check: SuiteCheck): SweepCount | null {
  if (check.kind !== 'ok' || check.sweep === null) return null;
  const { rows, listed, seeds } = check.sweep;
  const factors: Factor[] = [];
  const together = new Map<string, number>();
  const table = form.table?.columns ?? [];
  let drawn = false;
  let seedSet = table.includes('seed');
  const set = new Set<string>(table);
  for (const { name } of check.parameters) {
    if (table.includes(name)) continue;
    const axis = form.axes[name];
    const count = countOf(form, name);
    if (count === 'unreadable') return null;
    if (axis?.kind === 'random') {
      drawn = true;
      set.add(name);
    } else if (count !== null) {
      set.add(name);
      if (name === 'seed') seedSet = true;
      if (form.together.includes(name)) together.set(name, count);
      else if (count !== 1 || axis !== undefined)
        factors.push(name === 'seed' ? { count, word: count === 1 ? 'seed' : 'seeds' } : { count });
    }
  }
  const [first, ...others] = together;
  const other = others.find(([, count]) => count !== first?.[1]);
  if (first && other)
    return {
      text: '',
      count: 0,
      problem: `${first[0]} has ${formatCount(first[1], 'value')} and ${other[0]} ${formatCount(other[1], 'value')}: what advances together needs equally many.`,
    };
  if (first) factors.unshift({ count: first[1], word: 'together' });
  if (form.table !== null)
    factors.unshift({ count: form.table.rows.length, word: form.table.rows.length === 1 ? 'row' : 'rows' });
  else if (rows > 0 && listed.some((name) => !set.has(name)))
    factors.unshift({ count: rows, word: 'listed' });
  if (drawn) factors.push({ count: Number(form.draws), word: form.draws.trim() === '1' ? 'draw' : 'draws' });
  if (!seedSet && seeds !== null) factors.push({ count: seeds, word: seeds === 1 ? 'seed' : 'seeds' });
  const count = factors.reduce((product, factor) => product * factor.count, 1);
  if (!Number.isFinite(count) || count < 1) return null;
  return { text: textOf(inOrder(factors), count), count, problem: limitProblem(count) };
}

/** Null = as the suite has it; one value counts as one. */
function countOf(form: SuiteTexts, name: string): number | null | 'unreadable' {
  const axis = form.axes[name];
  if (axis !== undefined) {
    if (axis.kind === 'random') return 1;
    return 'problem' in readAxis(axis) ? 'unreadable' : Number(axis.count);
  }
  const text = (form.options[name] ?? '').trim();
  if (text === '') return null;
  const value = readSuiteText(text);
  return Array.isArray(value) ? Math.max(1, value.length) : 1;
}

/** Seeds come last, as a person says it. */
function inOrder(factors: readonly Factor[]): Factor[] {
  const isSeed = ({ word }: Factor): boolean => word === 'seed' || word === 'seeds';
  return [...factors.filter((factor) => !isSeed(factor)), ...factors.filter(isSeed)];
}

function textOf(factors: readonly Factor[], count: number): string {
  const parts = factors.map(
    (one) => `${formatProduct(one.count)}${one.word === undefined ? '' : ` ${one.word}`}`,
  );
  const runs = `${formatProduct(count)} ${count === 1 ? 'run' : 'runs'}`;
  return parts.length === 0 || (parts.length === 1 && factors[0]?.word === undefined)
    ? runs
    : `${parts.join(' × ')} = ${runs}`;
}

function limitProblem(count: number): string | null {
  return count <= MOST_EXPERIMENTS
    ? null
    : `More than the ${formatNumber(MOST_EXPERIMENTS)} experiments of a batch; make it smaller.`;
}
