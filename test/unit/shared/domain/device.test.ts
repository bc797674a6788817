import { describe, expect, it } from 'vitest';
import { deviceSlots, resolveDevice } from '../../../../src/shared/domain/device.ts';
import type { DeviceChoice } from '../../../../src/shared/model/workload.ts';
import { failureOf } from '../../../support/expected.ts';

const mac = { mps: { built: true, available: true, recommendedBytes: null }, cuda: [] };
const linux = { mps: null, cuda: [] };
const gpuServer = { mps: null, cuda: [{ name: 'NVIDIA H200', memoryBytes: 1e11 }] };

type Facts = Omit<Parameters<typeof resolveDevice>[0], 'asked'>;

describe('resolveDevice', () => {
  it.each<[string, DeviceChoice, Facts, string]>([
    ['the first of the order', 'auto', { autoOrder: ['cpu'], probe: mac }, 'cpu'],
    ['the GPU of a Mac', 'auto', { autoOrder: ['mps', 'cuda', 'cpu'], probe: mac }, 'mps'],
    [
      'the next where it is missing',
      'auto',
      { autoOrder: ['mps', 'cuda', 'cpu'], probe: gpuServer },
      'cuda:0',
    ],
    ['the CPU when the order has nothing else', 'auto', { autoOrder: ['mps'], probe: linux }, 'cpu'],
    ['what is asked for', 'cpu', { autoOrder: ['mps'], probe: mac }, 'cpu'],
    ['CUDA by name', 'cuda', { autoOrder: ['cpu'], probe: gpuServer }, 'cuda:0'],
  ])('takes %s', (_, asked, facts, device) => {
    expect(resolveDevice({ asked, ...facts }).device).toBe(device);
  });

  it('says why auto passed over a device', () => {
    expect(resolveDevice({ asked: 'auto', autoOrder: ['mps', 'cpu'], probe: linux }).reason).toBe(
      'No mps: this PyTorch was built without support for Apple GPUs; so cpu.',
    );
  });

  it.each<['mps' | 'cuda']>([['mps'], ['cuda']])('never silently replaces %s', async (asked) => {
    const sentence = await failureOf('device-missing', () =>
      resolveDevice({ asked, autoOrder: ['cpu'], probe: linux }),
    );
    expect(sentence).toContain(`"${asked}"`);
    expect(sentence).toContain('--device cpu');
  });

  it('tells a Mac without a GPU from a PyTorch without support', async () => {
    const probe = { mps: { built: true, available: false, recommendedBytes: null }, cuda: [] };
    expect(
      await failureOf('device-missing', () => resolveDevice({ asked: 'mps', autoOrder: ['mps'], probe })),
    ).toContain('finds none');
  });
});

describe('deviceSlots', () => {
  it('shares a GPU between six light or two heavy runs', () => {
    expect(deviceSlots('mps', 'light')).toBe(6);
    expect(deviceSlots('cuda:0', 'heavy')).toBe(2);
    expect(deviceSlots('cpu', 'heavy')).toBeGreaterThan(6);
  });
});
