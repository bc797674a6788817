import { describe, expect, it } from 'vitest';
import {
  mpsShare,
  runVariables,
  visibleDevice,
  workerEnvironment,
} from '../../../../src/main/worker/environment.ts';

const base = {
  PATH: '/opt/bin:/usr/bin',
  HOME: '/home/somebody',
  ELECTRON_RUN_AS_NODE: '1',
  NODE_OPTIONS: '--inspect',
  MallocNanoZone: '0',
  VIRTUAL_ENV: '/venv',
  PYTHONPATH: '/elsewhere',
  MINIBATCH_TEST: 'x',
  TMPDIR: '',
};

function environment(device: string, share: number | null = null): Record<string, string> {
  return workerEnvironment({ base, python: '/venv/bin/python', device, threads: 3, mpsShare: share });
}

describe('the environment of a worker', () => {
  it('is built from nothing, not cleaned', () => {
    expect(Object.keys(environment('cpu')).toSorted()).toEqual([
      'COLUMNS',
      'CUDA_VISIBLE_DEVICES',
      'HOME',
      'LANG',
      'LINES',
      'MKL_NUM_THREADS',
      'NUMEXPR_NUM_THREADS',
      'OMP_NUM_THREADS',
      'OPENBLAS_NUM_THREADS',
      'PATH',
      'PYTHONDONTWRITEBYTECODE',
      'PYTHONIOENCODING',
      'PYTHONUNBUFFERED',
      'PYTORCH_ENABLE_MPS_FALLBACK',
      'TERM',
      'VECLIB_MAXIMUM_THREADS',
    ]);
  });

  it('finds the programs of the interpreter first', () => {
    expect(environment('cpu').PATH).toBe('/venv/bin:/opt/bin:/usr/bin');
    expect(
      workerEnvironment({ base: {}, python: '/p/python', device: 'cpu', threads: 1, mpsShare: null }).PATH,
    ).toBe('/p:/usr/bin:/bin:/usr/sbin:/sbin');
  });

  it('shows a run only the GPU that it is to use', () => {
    expect(environment('cpu').CUDA_VISIBLE_DEVICES).toBe('');
    expect(environment('cuda:2').CUDA_VISIBLE_DEVICES).toBe('2');
    expect(visibleDevice('cuda:2')).toBe('cuda:0');
    expect(visibleDevice('mps')).toBe('mps');
  });

  it('keeps the soft limit of MPS below the hard one', () => {
    expect(environment('mps', 0.5)).toMatchObject({
      PYTORCH_MPS_HIGH_WATERMARK_RATIO: '0.500',
      PYTORCH_MPS_LOW_WATERMARK_RATIO: '0.450',
    });
    expect(environment('mps', 1.8)).toMatchObject({
      PYTORCH_MPS_HIGH_WATERMARK_RATIO: '1.800',
      PYTORCH_MPS_LOW_WATERMARK_RATIO: '1.400',
    });
    expect(environment('cpu', 0.5)).not.toHaveProperty('PYTORCH_MPS_HIGH_WATERMARK_RATIO');
  });

  it('works out the share from the memory of the machine', () => {
    const gib = 2 ** 30;
    expect(mpsShare(16 * 1024, 24 * gib)).toBeCloseTo(1);
    expect(mpsShare(24 * 1024, 64 * gib)).toBeCloseTo(0.5);
    expect(mpsShare(1, 64 * gib)).toBe(0.05);
    expect(mpsShare(10 ** 9, 8 * gib)).toBe(2);
  });

  it('tells a run which one it is', () => {
    const run = { folder: '/w/r', batch: 'b', index: 4, attempt: 2, seed: 9, resumeFrom: null };
    expect(runVariables(run)).toEqual({
      MINIBATCH_RUN_DIR: '/w/r',
      MINIBATCH_BATCH_ID: 'b',
      MINIBATCH_RUN_ID: 'b/4/2',
      MINIBATCH_SEED: '9',
      MINIBATCH_ATTEMPT: '2',
      MINIBATCH_RESUME_FROM: '',
    });
  });
});
