import { describe, expect, it } from 'vitest';
import { type FilterReading, readFilter } from '../../../../src/shared/domain/filter.ts';
import { filterMatch } from '../../../../src/shared/domain/filter-match.ts';
import { plainText } from '../../../../src/shared/domain/filter-value.ts';
import type { Json } from '../../../../src/shared/model/json.ts';

type Row = Readonly<Record<string, Json>>;

const rows: readonly Row[] = [
  { name: 'run 1', state: 'succeeded', lr: 0.001, hidden: [32, 32], seed: 1, 'ratio/mean': 0.95, flag: true },
  { name: 'run 2', state: 'failed', lr: 0.01, hidden: [64], seed: 2, 'ratio/mean': 'NaN', optimizer: 'adam' },
  { name: '[32, 32] 🧪', state: 'timed-out', lr: 1, hidden: [], seed: 3, duration: 900, 'mean ratio': 2 },
  { name: 'ניסוי 42', state: 'queued', lr: '0.10', seed: 14, peak: 3_000, or: 1 },
];
const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];

function found(text: string): number[] {
  const reading = readFilter(text, names);
  if (reading.kind === 'problem') throw new Error(reading.sentence);
  const matches = filterMatch<Row>(reading.filter, {
    value: (row, name) => row[name],
    text: (row, wanted) =>
      plainText(String(row['name'])).includes(wanted) || String(row['state']).includes(wanted),
  });
  return rows.flatMap((row, at) => (matches(row) ? [at] : []));
}

function problem(text: string): Extract<FilterReading, { kind: 'problem' }> {
  const reading = readFilter(text, names);
  if (reading.kind === 'filter') throw new Error(`"${text}" was read.`);
  return reading;
}

describe('a filter', () => {
  it.each([
    ['', [0, 1, 2, 3]],
    ['  ', [0, 1, 2, 3]],
    ['run', [0, 1]],
    ['RUN 2', [1]],
    ['[32,32]', [2]],
    ['[32, 32] 🧪', [2]],
    ['ניסוי', [3]],
    ['42', [3]],
    ['lr>0.001', [1, 2, 3]],
    ['lr >= .001 and lr<1e0', [0, 1, 3]],
    ['lr=0.1', [3]],
    ['LR==1', [2]],
    ['lr != 1', [0, 1, 3]],
    ['state:failed', [1]],
    ['state=Timed-Out', [2]],
    ['state:time', [2]],
    ['hidden=[32,32]', [0]],
    ['hidden = [ 32 , 32 ]', [0]],
    ['hidden:32', [0]],
    ['hidden=64', [1]],
    ['hidden=[]', [2]],
    ['ratio/mean>=0.9', [0]],
    ['ratio/mean=NaN', [1]],
    ['flag=true', [0]],
    ['optimizer=none', [0, 2, 3]],
    ['seed in (1, 2)', [0, 1]],
    ['seed in [3]', [2]],
    ['hidden in ([64], [32,32])', [0, 1]],
    ['state in ("failed", queued)', [1, 3]],
    ['duration>10min', [2]],
    ['peak>2GB and peak<3GB', [3]],
    ['ratio/mean<100%', [0]],
    ['"mean ratio">1', [2]],
    ["'mean ratio'=2", [2]],
    ['“mean ratio”=2', [2]],
    ['"or"=1', [3]],
    ['not run', [2, 3]],
    ['not not run', [0, 1]],
    ['run lr<0.005', [0]],
    ['lr<0.005 run', [0]],
    ['seed=1 or seed=2 and lr>5', [0]],
    ['(seed=1 or seed=2) and lr>0.005', [1]],
    ['not (state=failed or state=queued)', [0, 2]],
    ['best in show', []],
    ['"and"', []],
  ] as const)('%j finds %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each([
    ['lrr>1', 0, 'Nothing here is called "lrr". Did you mean "lr"?'],
    ['zzzz=1', 0, 'Nothing here is called "zzzz". To search for the text itself, put it in quotes.'],
    ['run and', 4, 'Something is missing behind "and".'],
    ['or lr=1', 0, 'Something is missing before this.'],
    ['lr>', 2, 'A value has to stand behind ">".'],
    ['lr>high', 3, '">" compares numbers, and "high" is none.'],
    ['>5', 0, 'A name has to stand before ">", as in lr>0.1.'],
    ['(run', 0, 'This ( has no ) behind it.'],
    ['seed in (1', 8, 'This ( has no ) behind it.'],
    ['run)', 3, 'This ) has no ( before it.'],
    ['"run', 0, 'The quote that begins here has no end: add ".'],
    ['hidden=[32', 7, 'The list that begins here has no end: add ].'],
    ['()', 0, 'Something is missing behind "(".'],
  ])('%j is refused at %i', (text, at, sentence) => {
    expect(problem(text)).toMatchObject({ at, sentence });
  });

  it('neither exhausts the stack nor hangs at a pasted text', () => {
    expect(problem('('.repeat(5_000)).sentence).toBe('This goes too deep.');
    expect(problem('not '.repeat(2_000)).sentence).toBe('This goes too deep.');
    expect(problem('x'.repeat(20_000)).sentence).toBe('A filter has at most 10000 characters.');
    expect(found('x '.repeat(4_000))).toEqual([]);
  });
});
