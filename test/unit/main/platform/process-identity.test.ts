import { describe, expect, it } from 'vitest';
import {
  isAlive,
  parsePsToken,
  parseStartTicks,
  startToken,
} from '../../../../src/main/platform/process-identity.ts';

describe('a start token', () => {
  it('stays the same for a process and names no other', () => {
    const token = startToken(process.pid) ?? expect.fail('no token');
    expect(token).toMatch(/^(linux:[0-9a-f-]{36}:\d+|darwin:.+)$/);
    expect(startToken(process.pid)).toBe(token);
    expect(isAlive(process.pid, token)).toBe(true);
    expect(isAlive(process.pid, `${token}1`)).toBe(false);
    expect(isAlive(process.ppid, token)).toBe(false);
  });

  it('is null for what is no process', () => {
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 30]) expect(startToken(pid)).toBeNull();
  });

  it('is read behind a name with brackets and blanks', () => {
    const fields = ['S', ...Array.from({ length: 18 }, () => '0'), '777', '1'].join(' ');
    expect(parseStartTicks(`12 (a) S) b) ${fields}`)).toEqual({ state: 'S', ticks: '777' });
    expect(parseStartTicks('12 (cut S 1')).toBeNull();
    expect(parseStartTicks('')).toBeNull();
  });

  it('is read from ps on a Mac, where a zombie is nobody', () => {
    expect(parsePsToken('Ss   Mon Nov  3 10:15:00 2026    \n')).toBe('darwin:Mon Nov  3 10:15:00 2026');
    expect(parsePsToken('Z+   Mon Nov 23 10:15:00 2026\n')).toBeNull();
    expect(parsePsToken('')).toBeNull();
  });
});
