import { describe, expect, it } from 'vitest';
import { createMemoryWatch } from '../../../../src/main/scheduler/memory-watch.ts';
import type { MachineSample } from '../../../../src/shared/model/hardware.ts';
import { createStillMachine } from '../../../support/still-machine.ts';

const GIB = 2 ** 30;

function sample(t: number, memory: Partial<MachineSample['memory']>): MachineSample {
  const still = createStillMachine().latest();
  if (!still) throw new Error('The still machine gives no sample.');
  return { ...still, t, memory: { ...still.memory, ...memory } };
}

describe('the memory watch', () => {
  it('raises an alarm at critical pressure, and then is patient', () => {
    const watch = createMemoryWatch();
    watch.take(sample(100, { pressure: 'warning' }));
    expect(watch.alarm()).toBeNull();
    watch.take(sample(101, { pressure: 'critical' }));
    expect(watch.alarm()).toBe('memory pressure is critical');
    watch.take(sample(102, { pressure: 'critical' }));
    expect(watch.alarm()).toBeNull();
    watch.take(sample(122, { pressure: 'critical' }));
    expect(watch.alarm()).not.toBeNull();
  });

  it('looks at the growth of swap over half a minute only', () => {
    const watch = createMemoryWatch();
    watch.take(sample(0, { swapUsedBytes: 0 }));
    watch.take(sample(25, { swapUsedBytes: 1.5 * GIB }));
    expect(watch.alarm()).toBeNull();
    watch.take(sample(50, { swapUsedBytes: 3 * GIB }));
    expect(watch.alarm()).toBeNull();
    watch.take(sample(52, { swapUsedBytes: 4 * GIB }));
    expect(watch.alarm()).toBe('swap grew 3 GB in 30 s');
  });

  it('remembers the worst of the window for a run that was killed', () => {
    const watch = createMemoryWatch();
    expect(watch.observe()).toEqual({ swapGrowthBytes: null, pressure: null });
    watch.take(sample(0, { swapUsedBytes: GIB, pressure: 'critical' }));
    watch.take(sample(5, { swapUsedBytes: 3 * GIB, pressure: 'normal' }));
    expect(watch.observe()).toEqual({ swapGrowthBytes: 2 * GIB, pressure: 'critical' });
  });

  it('is not silenced by a clock that was set back', () => {
    const watch = createMemoryWatch();
    watch.take(sample(1_000, { pressure: 'critical' }));
    expect(watch.alarm()).not.toBeNull();
    watch.take(sample(10, { pressure: 'critical' }));
    expect(watch.alarm()).not.toBeNull();
  });
});
