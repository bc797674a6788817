import { expect, it } from 'vitest';
import { csvText } from '../../../../src/shared/domain/csv.ts';

it('writes RFC 4180', () => {
  const text = csvText([
    { name: '[32, 32]', ratio: 0.5, note: 'say "hi"' },
    { name: 'a\nb', ratio: 'NaN', list: [1, 2], ok: true },
    { name: ' x', ratio: null },
  ]);
  expect(text).toBe(
    'name,ratio,note,list,ok\r\n"[32, 32]",0.5,"say ""hi""",,\r\n"a\nb",NaN,,"[1,2]",true\r\n" x",,,,\r\n',
  );
});

it('keeps the columns asked for, also without records', () => {
  expect(csvText([{ a: 1, b: 2 }], ['b', 'c'])).toBe('b,c\r\n2,\r\n');
  expect(csvText([], ['a,b'])).toBe('"a,b"\r\n');
});
