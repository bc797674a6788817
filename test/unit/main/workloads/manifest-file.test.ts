import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../../../src/main/workloads/manifest-file.ts';
import { failureOf } from '../../../support/expected.ts';
import { tinyManifest } from '../../../support/tiny-workload.ts';

const prefix = 'The workload "tiny" cannot be used: manifest.yaml, line';

describe('parseManifest', () => {
  it('fills in what a manifest may leave out', () => {
    const found = parseManifest(tinyManifest, 'tiny');
    expect(found).toMatchObject({ name: 'tiny', gpuLoad: 'light', autoDevice: ['cpu'], requires: [] });
    expect(found.presets[0]?.options).toEqual({ widths: [1, 2] });
  });

  it.each<[string, (text: string) => string, string]>([
    ['bad YAML', (text) => text.replace('title: Tiny', 'title: [Tiny'), '3: this is not YAML: '],
    ['an unknown key', (text) => `${text}colour: red\n`, '11: the key "colour" is not known here.'],
    [
      'an unknown key deep inside',
      (text) => text.replace('help: Passes', 'hint: x, help: Passes'),
      '7: the key "hint" is not known here.',
    ],
    [
      'a wrong type',
      (text) => text.replace('version: 1', 'version: one'),
      '3: "version": invalid input: expected number, received string.',
    ],
    ['a missing key', (text) => text.replace('title: Tiny\n', ''), '1: "title": invalid input'],
    [
      'an unknown option type',
      (text) => text.replace('type: integer,', 'type: whole,'),
      '7: "options.1.type": invalid option',
    ],
    [
      'another name',
      (text) => text.replace('name: tiny', 'name: small'),
      '1: "name" is "small" but the folder is called "tiny".',
    ],
    [
      'a preset twice',
      (text) => text.replace('name: wide', 'name: quick'),
      '10: "presets" names "quick" twice.',
    ],
    [
      'a default out of range',
      (text) => text.replace('default: 10', 'default: 1000'),
      '7: the default does not fit: --epochs is 1000 but takes a whole number from 1 to 100.',
    ],
    [
      'a preset with an unknown option',
      (text) => text.replace('{widths: [1, 2]}', '{width: [1]}'),
      '9: the preset "quick" does not fit: There is no option "width". Did you mean "widths"?',
    ],
    [
      'a choice of nothing',
      (text) => text.replace('type: integer,', 'type: choice,'),
      '7: the choice option "epochs" has no "choices".',
    ],
    ['no preset', (text) => text.replace(/presets:[^]*/, 'presets: []\n'), '8: "presets": too small'],
    ['nothing at all', () => '', '1: "the whole file": invalid input'],
    ['a list', () => '- a\n', '1: "the whole file": invalid input'],
  ])('names the place of %s', async (_, change, expected) => {
    const sentence = await failureOf('workload-invalid', () => parseManifest(change(tinyManifest), 'tiny'));
    expect(sentence).toContain(`${prefix} ${expected}`);
    expect(sentence.split('\n')).toHaveLength(1);
  });

  it('takes null as a default of any type', () => {
    const text = tinyManifest.replace('default: [1, 2, 3]', 'default: null');
    expect(parseManifest(text, 'tiny').options[0]?.default).toBeNull();
  });
});
