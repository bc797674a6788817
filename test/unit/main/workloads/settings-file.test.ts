import { describe, expect, it } from 'vitest';
import { parseSettings, readSettings } from '../../../../src/main/workloads/settings-file.ts';

const PATH = '/w/settings.yaml';

describe('settings.yaml', () => {
  it('may be missing, empty, or nothing but comments', async () => {
    expect(await readSettings('/a/folder/that/is/missing')).toEqual({ hooks: {} });
    for (const text of ['', '# later\n', 'hooks: {}\n'])
      expect(parseSettings(text, PATH)).toEqual({ hooks: {} });
  });

  it('holds commands as texts or as words', () => {
    const text = 'hooks:\n  batchEnded:\n    - say done\n    - [osascript, -e, beep]\n  timeLimit: 10\n';
    expect(parseSettings(text, PATH)).toEqual({
      hooks: { batchEnded: ['say done', ['osascript', '-e', 'beep']], timeLimit: 10 },
    });
  });

  it.each([
    ['hook: {}', 'line 1: the key "hook" is not known. Did you mean "hooks"?'],
    [
      'hooks:\n  onEnd: [a]',
      'line 2: the key "hooks.onEnd" is not known. Known are batchEnded, runFailed, runEnded, timeLimit.',
    ],
    ['hooks:\n  runEnded: a', 'line 2: "hooks.runEnded": must be a list of commands.'],
    ['hooks:\n  runEnded:\n    - "echo \'oh"', 'line 3: "hooks.runEnded.0": has a quote that is not closed.'],
    ['hooks: [\n', 'this is not YAML'],
    ['- a\n', 'line 1: the file: '],
  ])('with a mistake is refused by line and key: %j', (text, sentence) => {
    expect(() => parseSettings(text, PATH)).toThrow(`${PATH}, `);
    expect(() => parseSettings(text, PATH)).toThrow(sentence);
  });
});
