import { describe, expect, it, vi } from 'vitest';
import { createHardware } from '../../../../src/main/hardware/create-hardware.ts';
import { askSystem, fillGaps, isIncomplete } from '../../../../src/main/hardware/static-facts.ts';
import { systemClock } from '../../../../src/main/platform/clock.ts';
import { createStillMachine } from '../../../support/still-machine.ts';

const known = { ...createStillMachine().facts, model: 'Mac16,10', osVersion: 'macOS 26.3' };

describe('static facts', () => {
  it('fill what detection left open and nothing else', () => {
    const answer = { model: 'Docker Container', system: 'Debian GNU/Linux 12' };
    expect([isIncomplete(known), fillGaps(known, answer)]).toEqual([false, known]);
    const open = { ...known, model: null, osVersion: 'Linux 6.18.44' };
    expect(isIncomplete(open)).toBe(true);
    expect(fillGaps(open, answer)).toMatchObject({
      model: 'Docker Container',
      osVersion: 'Debian GNU/Linux 12',
    });
  });

  it.each(['', '-', 'To Be Filled By O.E.M.', 'Default string'])('take "%s" for no name', (model) => {
    expect(fillGaps({ ...known, model: null }, { model, system: '' }).model).toBeNull();
  });

  it('come from the system itself', async () => {
    expect((await askSystem())?.system).toMatch(/\S/);
  });

  it('arrive after the start, which does not wait for them', async () => {
    vi.useFakeTimers();
    try {
      const staticFacts = vi.fn(async () => ({ model: 'A machine', system: '' }));
      const hardware = await createHardware({ clock: systemClock, platform: 'aix', staticFacts });
      expect([hardware.facts.model, staticFacts.mock.calls.length]).toEqual([null, 0]);
      await vi.advanceTimersByTimeAsync(5_000);
      expect(hardware.facts.model).toBe('A machine');
      hardware.close();
    } finally {
      vi.useRealTimers();
    }
  });
});
