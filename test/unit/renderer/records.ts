import type { BatchRecord } from '../../../src/shared/model/batch.ts';
import { settledRequest } from '../../../src/shared/model/plan.ts';
import type { ExperimentRecord, ExperimentState, RunRecord } from '../../../src/shared/model/run.ts';

const times = { startedAt: 100, endedAt: 160, seconds: 60 };

const states: Readonly<Record<'queued' | 'running' | 'succeeded', ExperimentState>> = {
  queued: { kind: 'queued' },
  running: { kind: 'running', since: 100 },
  succeeded: { kind: 'succeeded', ...times },
};

export function experiment(index: number, state: keyof typeof states = 'queued'): ExperimentRecord {
  return {
    batch: 'a',
    index,
    order: index,
    name: `[${index}]`,
    identity: '0'.repeat(64),
    seed: 1,
    parameters: {},
    facts: { parameterCount: 1_000 * index },
    estimate: { memoryMb: 100, seconds: 30, source: 'formula' },
    phase: 'main',
    queue: 'main',
    state: states[state],
    attempt: state === 'queued' ? 0 : 1,
    live: null,
    summary: null,
  };
}

/** A run of worker 1 that ended after a minute, or still lives. */
export function run(index: number, endedAt: number | null = 160): RunRecord {
  return {
    batch: 'a',
    index,
    attempt: 1,
    folder: '',
    worker: 1,
    device: 'cpu',
    threads: 1,
    state: endedAt === null ? states.running : states.succeeded,
    startedAt: 100,
    endedAt,
    startupSeconds: null,
    peakMb: 12,
    cpuSeconds: null,
    standby: false,
  };
}

export function batch(id: string): BatchRecord {
  return {
    id,
    workload: 'tiny',
    preset: 'quick',
    title: `Tiny ${id}`,
    createdAt: 1,
    endedAt: null,
    state: { kind: 'running' },
    request: settledRequest.parse({ workload: 'tiny', preset: 'quick' }),
    device: 'cpu',
    workers: 2,
    limits: {
      memory: 9,
      cores: 2,
      cap: 6,
      slots: 6,
      asked: null,
      binding: 'cores',
      budgetMb: 1_000,
      largestMb: 100,
      sentence: '',
    },
    counts: { total: 2, succeeded: 0, failed: 0, skipped: 0, postponed: 0, live: 1, queued: 1, stopped: 0 },
    progress: {
      fraction: 0,
      remainingSeconds: null,
      remainingSpread: null,
      workSeconds: 0,
      wallSeconds: 0,
      speedup: null,
    },
  };
}
