import { createHash } from 'node:crypto';
import { identityOf, seedOf } from '../../src/shared/domain/identity.ts';
import type { Json } from '../../src/shared/model/json.ts';
import { type Plan, type PlannedExperiment, settledRequest } from '../../src/shared/model/plan.ts';
import type { BehaviourParameters } from './behaviour-workload.ts';

export interface TinyPlan {
  readonly experiments: readonly (BehaviourParameters &
    Partial<Pick<PlannedExperiment, 'phase' | 'queue' | 'action'>>)[];
  readonly workers?: number;
  readonly retries?: number;
  readonly retryDelaySeconds?: number;
  readonly failFast?: boolean;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly budgetMb?: number;
  /** Estimated; default 1. */
  readonly wallSeconds?: number;
  /** Default true: a plan of these tests runs whatever other batches have brought. */
  readonly forceOverwrite?: boolean;
}

/** A plan as the planner would have made it, for the tiny workload. */
export function tinyPlan(options: TinyPlan): Plan {
  const workers = options.workers ?? 2;
  const memoryMb = options.memoryMb ?? 20;
  const request = settledRequest.parse({
    workload: 'tiny',
    preset: 'quick',
    workers,
    retries: options.retries ?? 0,
    retryDelaySeconds: options.retryDelaySeconds ?? 0,
    failFast: options.failFast ?? false,
    forceOverwrite: options.forceOverwrite ?? true,
    ...(options.timeoutSeconds === undefined ? {} : { timeoutSeconds: options.timeoutSeconds }),
  });
  const experiments = options.experiments.map((experiment, index) => planned(experiment, index, memoryMb));
  const count = (action: PlannedExperiment['action']): number =>
    experiments.filter((one) => one.action === action).length;
  return {
    request,
    workloadVersion: 1,
    workloadTitle: 'Tiny',
    device: 'cpu',
    deviceReason: 'the tests use the CPU',
    experiments,
    workers,
    limits: {
      memory: 10,
      cores: 2,
      cap: 6,
      slots: 6,
      asked: workers,
      binding: 'asked',
      budgetMb: options.budgetMb ?? 4_096,
      largestMb: memoryMb,
      sentence: 'As asked.',
    },
    totals: {
      run: count('run'),
      skip: count('skip'),
      postpone: count('postpone'),
      workSeconds: 1,
      wallSeconds: options.wallSeconds ?? 1,
      diskMb: 1,
    },
    notes: [],
  };
}

function planned(
  options: TinyPlan['experiments'][number],
  index: number,
  memoryMb: number,
): PlannedExperiment {
  const { phase = 'main', queue = 'main', action = 'run', ...tiny } = options;
  const parameters: Record<string, Json> = { number: index, ...tiny };
  const seed = seedOf({ workload: 'tiny', batchSeed: 42, parameters }, sha256);
  return {
    index,
    name: `tiny ${index}`,
    parameters,
    facts: {},
    estimate: { memoryMb, seconds: 1, source: 'formula' },
    phase,
    queue,
    identity: identityOf({ workload: 'tiny', version: 1, parameters, seed }, sha256),
    seed,
    action,
    reason: action === 'run' ? 'no result yet' : `${action} in this test`,
    existing: action === 'skip' ? { batch: 'earlier', index, attempt: 1 } : null,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
