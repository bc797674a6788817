import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseSettings, settingsReader } from '../../../../src/main/workloads/settings-file.ts';

const PATH = '/w/settings.yaml';

describe('settings.yaml', () => {
  it('are read as they are at each call', () => {
    const folder = mkdtempSync(join(tmpdir(), 'minibatch-settings-'));
    const path = join(folder, 'settings.yaml');
    try {
      const settings = settingsReader(folder);
      expect(settings()).toEqual({ hooks: {} });
      writeFileSync(path, 'hooks: {batchEnded: [say one]}\n');
      expect(settings().hooks.batchEnded).toEqual(['say one']);
      writeFileSync(path, 'hooks: {batchEnded: [say two, say three]}\n');
      expect(settings().hooks.batchEnded).toEqual(['say two', 'say three']);
      writeFileSync(path, 'hoks: {}\n');
      for (const _ of [1, 2]) expect(settings).toThrow('settings.yaml, line 1: the key "hoks" is not known');
      rmSync(path);
      expect(settings()).toEqual({ hooks: {} });
      mkdirSync(path);
      expect(settings).toThrow(`${path} cannot be read`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('may be missing, empty, or nothing but comments', () => {
    expect(settingsReader('/a/folder/that/is/missing')()).toEqual({ hooks: {} });
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
