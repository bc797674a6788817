import { z } from 'zod';
import { planRequest } from './plan.ts';

const { shape } = planRequest;

/** What only people say, on the command line or through the host: paths, and commands to run. A page is refused. */
export const PEOPLE_ONLY = ['python', 'suite', 'csv', 'onEnd'] as const;

/**
 * A request as it crosses a door: a page, which may not name paths, names a suite by the id that it was given. Machine
 * settings that are absent were not said, so that an own preset may say them.
 */
export const planCall = planRequest.extend({
  suiteId: z.string().min(1).optional(),
  workers: shape.workers.unwrap().optional(),
  profile: shape.profile.unwrap().optional(),
  seed: shape.seed.unwrap().optional(),
  /** False: a form that shows the machine settings of its preset says them all, and what it leaves open stays open. */
  presetMachine: z.boolean().default(true),
});
export type PlanCall = z.infer<typeof planCall>;
export type PlanCallInput = z.input<typeof planCall>;
