import { describe, expect, it } from 'vitest';
import {
  formChanges,
  formOf,
  readForm,
  readOption,
  startForm,
  suiteForm,
} from '../../../src/renderer/state/launch-form.ts';
import { planRequest, settledRequest } from '../../../src/shared/model/plan.ts';
import { planCall } from '../../../src/shared/model/plan-call.ts';
import { manifest } from '../../../src/shared/model/workload.ts';

const tiny = manifest.parse({
  name: 'tiny',
  title: 'Tiny',
  version: 1,
  summary: '',
  options: [
    { name: 'widths', type: 'integer-list', default: [1, 2], help: '', min: 1, max: 9 },
    { name: 'rate', type: 'number', default: 0.5, help: '', min: 0 },
    { name: 'loud', type: 'boolean', default: false, help: '' },
  ],
  presets: [{ name: 'quick', title: 'Quick', summary: '', options: { widths: [3] } }],
});
const form = startForm(tiny, 'quick', null);

describe('the launch form', () => {
  it('sends nothing that the preset already says', () => {
    expect(readForm(form, tiny)).toMatchObject({
      kind: 'request',
      request: { workload: 'tiny', preset: 'quick', options: {}, workers: 0, seed: 42 },
    });
  });

  it('sends what was changed, by type', () => {
    const changed = {
      ...form,
      options: { widths: '4, 5 6', rate: '.25', loud: 'true' },
      workers: '3',
      timeoutMinutes: '1.5',
      memoryGb: '8',
    };
    expect(readForm(changed, tiny)).toMatchObject({
      request: {
        options: { widths: [4, 5, 6], rate: 0.25, loud: true },
        workers: 3,
        timeoutSeconds: 90,
        memoryGb: 8,
      },
    });
  });

  it('names the fields that cannot be', () => {
    const wrong = {
      ...form,
      options: { ...form.options, widths: '1, 12', rate: '' },
      workers: '-1',
      memoryGb: '0',
      seed: '1.5',
    };
    const reading = readForm(wrong, tiny);
    expect(reading.kind === 'problems' && Object.keys(reading.problems).toSorted()).toEqual([
      'memoryGb',
      'rate',
      'seed',
      'widths',
      'workers',
    ]);
    expect(reading).toMatchObject({
      problems: { rate: 'A number, at least 0.', workers: 'A whole number from 1 to 64.' },
    });
  });

  it('comes back from the request of an earlier batch', () => {
    const request = planRequest.parse({
      workload: 'tiny',
      preset: 'quick',
      options: { rate: 2 },
      workers: 4,
      timeoutSeconds: 120,
      seed: 7,
    });
    const again = formOf(tiny, request);
    expect(again).toMatchObject({
      options: { widths: '3', rate: '2', loud: 'false' },
      workers: '4',
      timeoutMinutes: '2',
      seed: '7',
    });
    expect(readForm(again, tiny)).toMatchObject({
      request: { options: { rate: 2 }, workers: 4, timeoutSeconds: 120, seed: 7 },
    });
  });

  it('sets the parameters of a suite that were changed, and comes back from the batch', () => {
    const check = {
      kind: 'ok' as const,
      name: 's',
      count: 2,
      experiments: [],
      sweep: null,
      parameters: [
        { name: 'lr', text: '[0.1, 0.2]', hint: '2 values', varies: true, kind: 'number' as const },
        { name: 'mode', text: 'fast', hint: '', varies: false, kind: 'any' as const },
        { name: 'noise', text: '', hint: 'drawn at random', varies: true, kind: 'any' as const },
      ],
    };
    const suite = { id: 'f00', path: '/s.yaml', name: 's', latest: null, batches: 0, text: '', check };
    const start = suiteForm(tiny, suite, { before: { ...form, workers: '2' } });
    expect(readForm(start, tiny)).toMatchObject({ request: { suiteId: 'f00', options: {}, workers: 2 } });
    const changed = { ...start, options: { lr: '0.5', mode: '', noise: '[1, 2]' } };
    const reading = readForm(changed, tiny);
    expect(reading).toMatchObject({ request: { options: { lr: 0.5, noise: [1, 2] } } });
    if (reading.kind === 'problems') throw new Error('The form could not be read.');
    expect(reading.request.options).not.toHaveProperty('mode');
    const { suiteId: _, presetMachine: __, ...said } = planCall.parse(reading.request);
    const request = planRequest.parse(said);
    const again = formOf(tiny, { ...request, suite: '/s.yaml' }, suite);
    expect(again).toMatchObject({
      suite: { id: 'f00' },
      options: { lr: '0.5', mode: 'fast', noise: '[1, 2]' },
    });
    // Read again: what was typed stays, what was not follows the file.
    const [, mode] = check.parameters;
    const mended = {
      ...suite,
      check: {
        ...check,
        parameters: [
          { ...mode, name: 'mode', text: 'slow', hint: '', varies: false, kind: 'any' as const },
          { name: 'lr', text: '1', hint: '', varies: false, kind: 'any' as const },
        ],
      },
    };
    expect(suiteForm(tiny, mended, { before: again }).options).toEqual({ mode: 'slow', lr: '0.5' });
    const broken = { ...suite, check: { kind: 'problem' as const, sentence: 'No.', line: 1, key: null } };
    expect(suiteForm(tiny, broken, { before: again })).toEqual(again);
  });

  it('says nothing of device, threads and retries until they are chosen, so that a suite may', () => {
    const untouched = readForm(form, tiny);
    if (untouched.kind === 'problems') throw new Error('The form has problems.');
    expect(Object.keys(untouched.request)).not.toContain('device');
    expect(Object.keys(untouched.request)).not.toContain('threads');
    for (const name of ['retries', 'retryDelaySeconds', 'failFast'])
      expect(Object.keys(untouched.request)).not.toContain(name);
    const said = {
      device: 'auto',
      threads: '1',
      retries: '0',
      retryDelay: '30',
      whenFailed: 'stop',
    } as const;
    expect(readForm({ ...form, ...said }, tiny)).toMatchObject({
      request: { device: 'auto', threads: 1, retries: 0, retryDelaySeconds: 30, failFast: true },
    });
    expect(readForm({ ...form, threads: '0' }, tiny)).toMatchObject({
      problems: { threads: expect.any(String) },
    });
    const again = formOf(tiny, settledRequest.parse({ workload: 'tiny', preset: 'quick' }));
    expect(again).toMatchObject({ device: 'auto', threads: '1', retries: '0' });
    expect(again).toMatchObject({ retryDelay: '0', whenFailed: 'go-on' });
  });

  it('takes no number that is none', () => {
    const [, rate] = tiny.options;
    if (!rate) throw new Error('The manifest has lost an option.');
    expect(['x', '', '1e999', 'NaN'].map((text) => readOption(rate, text).kind)).toEqual(
      Array(4).fill('problem'),
    );
  });
});

describe('an own preset in the launch form', () => {
  const night = {
    name: 'night',
    title: 'Night',
    summary: '',
    options: { widths: [3], rate: 2 },
    own: { extends: 'quick', summary: '', machine: { workers: 2, timeoutSeconds: 90 } },
  };
  const withOwn = manifest.parse({ ...tiny, presets: [...tiny.presets, night] });

  it('brings machine settings, which go when another is chosen unless they were changed', () => {
    const chosen = startForm(withOwn, 'night', { ...form, threads: '3' });
    expect(chosen).toMatchObject({ workers: '2', profile: 'custom', timeoutMinutes: '1.5', threads: '' });
    expect(formChanges(chosen, withOwn)).toEqual({ options: [], machine: [] });
    const left = startForm(withOwn, 'quick', { ...chosen, retries: '4' });
    expect(left).toMatchObject({ workers: '', profile: 'aggressive', timeoutMinutes: '', retries: '4' });
    expect(startForm(tiny, 'quick', chosen)).toMatchObject({ workers: '' });
  });

  it('is asked for with all settings, so that an emptied field is empty', () => {
    const chosen = startForm(withOwn, 'night', null);
    const reading = readForm({ ...chosen, workers: '', timeoutMinutes: '' }, withOwn);
    expect(reading).toMatchObject({ request: { presetMachine: false, workers: 0, options: {} } });
    expect(reading.kind === 'request' && reading.request).not.toHaveProperty('timeoutSeconds');
    expect(formChanges({ ...chosen, workers: '', profile: 'aggressive' }, withOwn).machine).toEqual([
      'workers',
    ]);
  });

  it('can be gone when its batch is asked for again', () => {
    const request = settledRequest.parse({
      workload: 'tiny',
      preset: 'night',
      options: { rate: 2 },
      workers: 2,
      only: [4, 5],
    });
    expect(formOf(tiny, request)).toMatchObject({
      preset: 'quick',
      options: { widths: '1, 2', rate: '2' },
      workers: '2',
      only: '4, 5',
    });
  });

  it('reads the indices that alone are wanted', () => {
    const only = (text: string) => readForm({ ...form, only: text }, tiny);
    expect(only('3, 5-7')).toMatchObject({ request: { only: [3, 5, 6, 7] } });
    for (const text of ['x', '3-1', '1,,x', '-2']) expect(only(text)).toHaveProperty('problems.only');
  });
});
