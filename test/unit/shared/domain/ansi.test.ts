import { describe, expect, it } from 'vitest';
import { parseSpans, plainStyle, plainText, styleSequence } from '../../../../src/shared/domain/ansi.ts';

const ESC = '\u001b';

describe('parseSpans', () => {
  it('splits a line by its styles', () => {
    expect(parseSpans(`a${ESC}[1;31mb${ESC}[22mc${ESC}[0md`)).toEqual([
      { text: 'a', style: plainStyle },
      { text: 'b', style: { ...plainStyle, bold: true, foreground: 1 } },
      { text: 'c', style: { ...plainStyle, foreground: 1 } },
      { text: 'd', style: plainStyle },
    ]);
  });

  it.each([
    ['92', { foreground: 10 }],
    ['103', { background: 11 }],
    ['38;5;9', { foreground: 9 }],
    ['38;5;196', { foreground: '#ff0000' }],
    ['48;5;244', { background: '#808080' }],
    ['38;2;1;20;255', { foreground: '#0114ff' }],
    ['38:2:1:20:255', { foreground: '#0114ff' }],
    ['2;3;4;7', { dim: true, italic: true, underline: true, inverse: true }],
    ['31;39', {}],
    ['', {}],
    ['38;5;900;1', { bold: true }],
    ['12345', {}],
  ])('understands %s', (codes, expected) => {
    expect(parseSpans(`${ESC}[${codes}mx`)).toEqual([{ text: 'x', style: { ...plainStyle, ...expected } }]);
  });

  it('writes a style that reads back as itself', () => {
    const style = { ...plainStyle, bold: true, inverse: true, foreground: 12, background: '#0a0b0c' };
    expect(parseSpans(`${styleSequence(style)}x`)[0]?.style).toEqual(style);
    expect(styleSequence(plainStyle)).toBe('');
  });

  it('takes the colours away', () => expect(plainText(`a${ESC}[31mb${ESC}[0m`)).toBe('ab'));
});
