import { describe, expect, it } from 'vitest';
import { readParameterTable, TableFault, type TableRules } from '../../../../src/shared/domain/csv-table.ts';

const RULES: TableRules = {
  names: ['lr', 'width', 'act', 'fast'],
  kinds: { lr: 'number', width: 'number', fast: 'boolean' },
};

function faultOf(text: string, rules = RULES): string {
  try {
    readParameterTable(text, rules);
  } catch (error) {
    if (error instanceof TableFault) return error.message;
    throw error;
  }
  throw new Error('No mistake was found.');
}

describe('a table of experiments', () => {
  it('is read with commas, semicolons and tabs, quoted cells, a mark at its start, and any line ends', () => {
    const rows = [
      { lr: 0.1, act: 'relu, "leaky"' },
      { lr: 1e-3, act: 'gelu' },
    ];
    expect(readParameterTable('lr,act\n0.1,"relu, ""leaky"""\n1e-3,gelu', RULES).rows).toEqual(rows);
    expect(
      readParameterTable('\uFEFFlr;act\r\n"0,1";"relu, ""leaky"""\r\n\r\n0,001;gelu\r\n', RULES).rows,
    ).toEqual(rows);
    expect(readParameterTable('lr\tact\r0.1\t"relu, ""leaky"""\r0.001\tgelu', RULES).rows).toEqual(rows);
    expect(readParameterTable(' "lr" , act\n 0.1 , "two\nlines" \n', RULES).rows).toEqual([
      { lr: 0.1, act: 'two\nlines' },
    ]);
  });

  it('keeps floats as they are written, takes lists, and leaves out what is empty', () => {
    expect(
      readParameterTable('lr,width,act,fast\n1.0,"[32, 64]",,true\n,128,"",false\n', RULES).rows,
    ).toEqual([
      { lr: '1.0', width: [32, 64], fast: true },
      { width: 128, fast: false },
    ]);
  });

  it.each([
    ['nothing', '', 'this table is empty; its first line names the parameters'],
    ['blank lines only', '\n \n\r\n', 'this table is empty; its first line names the parameters'],
    ['a head line alone', 'lr,act\n', 'this table has a head line and no rows below it'],
    [
      'an unknown column',
      'lr,widht\n1,2\n',
      'line 1, column "widht": there is no parameter of this name. Did you mean "width"?',
    ],
    [
      'a column without a name',
      'lr,,act\n1,2,3\n',
      'line 1, column "2": this column has no name; the first line names the parameters',
    ],
    [
      'a column twice',
      'lr,lr\n1,2\n',
      'line 1, column "lr": this column is there twice; leave one of them out',
    ],
    ['a ragged row', 'lr,act\n1,a\n\n2,b,c\n', 'line 4: this row has 3 cells and the head line 2 names'],
    [
      'a text for a number',
      'lr,act\n1,a\n"fast",b\n',
      'line 3, column "lr": "fast" is no number, but lr is a number everywhere else',
    ],
    [
      'a number for yes or no',
      'fast\n1\n',
      'line 2, column "fast": "1" is neither true nor false, but fast is true or false everywhere else',
    ],
    ['an open quote', 'act\n"a\nb\n', 'line 4: a quotation mark is opened and never closed'],
  ])('with %s says where and why', (_, text, sentence) => {
    expect(faultOf(text)).toBe(sentence);
  });

  it('counts the line of a row behind cells of several lines', () => {
    expect(faultOf('act,lr\n"a\nb\nc",1\nx,y\n')).toMatch(/^line 5, column "lr"/);
  });

  it('with a million rows is refused with their number, quickly', () => {
    const text = `lr,act\n${'0.5,relu\n'.repeat(1_000_000)}`;
    const start = performance.now();
    expect(faultOf(text)).toBe(
      'this table has 1,000,000 rows, more than the 10,000 experiments of a batch; take a part of it',
    );
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('takes any column where any may be', () => {
    expect(readParameterTable('new,emoji\n1,🌙\n', { names: null, kinds: {} })).toEqual({
      columns: ['new', 'emoji'],
      rows: [{ new: 1, emoji: '🌙' }],
    });
  });
});
