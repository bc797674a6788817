import { z } from 'zod';
import { planRequest } from './plan.ts';

/** A request as it crosses a door: a page, which may not name paths, names a suite by the id that it was given. */
export const planCall = planRequest.extend({ suiteId: z.string().min(1).optional() });
export type PlanCall = z.infer<typeof planCall>;
export type PlanCallInput = z.input<typeof planCall>;
