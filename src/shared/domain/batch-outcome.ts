import type { BatchRecord } from '../model/batch.ts';

/** Exit codes of a batch at rest. */
const CODES = { ok: 0, failed: 1, interrupted: 130 } as const;

/** 0 = nothing failed, 1 = something did, 130 = it was interrupted and can go on. */
export function batchExitCode({ state, counts }: Pick<BatchRecord, 'state' | 'counts'>): number {
  // That it rests is what was asked for; what a script has to know is that something failed.
  if (state.kind === 'interrupted' && state.cause === 'failure') return CODES.failed;
  if (state.kind === 'interrupted' || counts.stopped > 0) return CODES.interrupted;
  return counts.failed > 0 || state.kind === 'damaged' ? CODES.failed : CODES.ok;
}

/** Nothing of it is worked on. */
export function batchRests({ state }: Pick<BatchRecord, 'state'>): boolean {
  return ['finished', 'interrupted', 'damaged'].includes(state.kind);
}
