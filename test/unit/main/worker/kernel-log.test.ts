import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findKill } from '../../../../src/main/worker/kernel-log.ts';

function fixture(name: string): string {
  return readFileSync(resolve(import.meta.dirname, '../../../fixtures/macos', name), 'utf8');
}

describe('findKill', () => {
  it('finds the record of this very process', () => {
    expect(findKill(fixture('kernel-log-memorystatus-kill-m4pro-mps.txt'), 5844)).toBe(
      'memorystatus: killing largest compressed process python3.11 [5844] 43350 MB',
    );
    expect(findKill(fixture('kernel-log-memorystatus-kill.txt'), 55572)).toContain('[55572]');
  });

  it('takes nothing else for one', () => {
    expect(findKill(fixture('kernel-log-memorystatus-kill.txt'), 5557)).toBeNull();
    expect(findKill('memorystatus: triggering no paging space action [55572]', 55572)).toBeNull();
    expect(findKill('', 1)).toBeNull();
  });
});
