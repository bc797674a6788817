import { z } from 'zod';
import { plan, planRequest } from '../model/plan.ts';
import { manifest } from '../model/workload.ts';
import { call } from './define.ts';

export const workloadCalls = {
  'workloads.list': call(
    z.strictObject({}),
    z.object({
      workloads: z.array(manifest),
      /** Folders whose manifest cannot be used, with the reason. */
      broken: z.array(z.object({ folder: z.string(), sentence: z.string() })),
    }),
  ),
  /** What a suite given as text means, or what is wrong with it: nothing of the machine is looked at. */
  'suites.check': call(
    z.strictObject({ text: z.string(), seed: z.number().int().nonnegative().default(42) }),
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('ok'),
        name: z.string(),
        count: z.number().int(),
        /** The first of them, in their order. */
        experiments: z.array(z.object({ label: z.string(), phase: z.string(), queue: z.string() })),
      }),
      z.object({ kind: z.literal('problem'), sentence: z.string() }),
    ]),
  ),
  /** What would happen, without anything happening. */
  'plans.make': call(planRequest, plan, ['python', 'suite']),
};
