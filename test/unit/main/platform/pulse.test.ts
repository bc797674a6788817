import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPulse } from '../../../../src/main/platform/pulse.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a pulse', () => {
  it('beats for all at once, with one timer, until the last has left', () => {
    const pulse = createPulse(500);
    const heard: string[] = [];
    const leaveFirst = pulse.join(() => heard.push('first'));
    vi.advanceTimersByTime(300);
    const leaveSecond = pulse.join(() => heard.push('second'));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(200);
    expect(heard).toEqual(['first', 'second']);
    leaveFirst();
    vi.advanceTimersByTime(500);
    expect(heard).toEqual(['first', 'second', 'second']);
    leaveSecond();
    expect(vi.getTimerCount()).toBe(0);
    pulse.join(() => heard.push('third'));
    vi.advanceTimersByTime(500);
    expect(heard.at(-1)).toBe('third');
  });

  it('calls nobody who has left during a beat', () => {
    const pulse = createPulse(500);
    const second = vi.fn();
    const leave: (() => void)[] = [];
    pulse.join(() => leave.forEach((one) => one()));
    leave.push(pulse.join(second));
    vi.advanceTimersByTime(500);
    expect(second).not.toHaveBeenCalled();
  });
});
