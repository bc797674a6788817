import { describe, expect, it } from 'vitest';
import { type CapacityFacts, workerCapacity } from '../../../../src/shared/domain/capacity.ts';

const macMini: CapacityFacts = {
  cores: 10,
  memoryBytes: 64 * 2 ** 30,
  largestMb: 536,
  profile: 'aggressive',
  asked: 0,
  threads: 1,
  slots: 6,
  work: 19,
};

function capacity(changes: Partial<CapacityFacts>) {
  return workerCapacity({ ...macMini, ...changes });
}

describe('workerCapacity', () => {
  it('gives six workers to the Mac mini of the requirements', () => {
    const { workers, limits } = capacity({});
    expect(workers).toBe(6);
    expect(limits).toMatchObject({ memory: 97, cores: 9, cap: 6, slots: 6, asked: null, binding: 'cap' });
    expect(limits.budgetMb).toBeCloseTo(52_428.8);
    expect(limits.sentence).toBe('6 workers: the stability cap binds; memory allows 97, cores 9.');
  });

  it.each<[string, Partial<CapacityFacts>, number, string]>([
    ['one core', { cores: 1 }, 1, 'cores'],
    ['two cores', { cores: 2 }, 1, 'cores'],
    ['less memory by --memory-gb', { memoryGb: 3 }, 4, 'memory'],
    ['memory for none', { memoryGb: 0.25 }, 1, 'memory'],
    ['heavy GPU work', { slots: 2 }, 2, 'slots'],
    ['threads', { threads: 4 }, 2, 'cores'],
    ['more threads than cores', { threads: 16 }, 1, 'cores'],
    ['little work', { work: 3 }, 3, 'work'],
    ['no work', { work: 0 }, 1, 'work'],
    ['minimal', { profile: 'minimal' }, 1, 'asked'],
    ['conservative', { profile: 'conservative' }, 3, 'asked'],
    ['conservative rounds up', { profile: 'conservative', cores: 6 }, 3, 'asked'],
    ['conservative keeps one', { profile: 'conservative', cores: 1 }, 1, 'asked'],
    ['custom without a count', { profile: 'custom' }, 6, 'cap'],
    ['asked for', { asked: 4 }, 4, 'asked'],
    ['asked for, whatever the profile', { asked: 4, profile: 'minimal' }, 4, 'asked'],
    ['more than all limits, asked for', { asked: 12, cores: 4 }, 12, 'asked'],
    ['unknown memory', { largestMb: 0 }, 6, 'cap'],
  ])('%s', (_, changes, workers, binding) => {
    const found = capacity(changes);
    expect([found.workers, found.limits.binding]).toEqual([workers, binding]);
    expect(found.limits.sentence).toMatch(new RegExp(`^${workers} workers?: |^${workers} workers? as asked`));
  });

  it('honours a large count but says what it exceeds', () => {
    const { sentence } = capacity({ asked: 12, cores: 4, memoryGb: 2 }).limits;
    expect(sentence).toContain('automatic would be 3');
    expect(sentence).toContain('3 would fit');
    expect(sentence).toContain('12 threads on 4 cores');
    expect(capacity({ asked: 4 }).limits.sentence).not.toContain('Warning');
  });

  it('never gives more threads than cores by itself', () => {
    for (let cores = 1; cores <= 32; cores++) {
      for (let threads = 1; threads <= 40; threads++) {
        const { workers } = capacity({ cores, threads });
        expect(workers === 1 || workers * threads <= cores, `${cores} cores, ${threads} threads`).toBe(true);
      }
    }
  });
});
