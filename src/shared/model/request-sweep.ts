import { z } from 'zod';
import { parameterTable } from './suite.ts';

/** What a person asks of a suite's sweep beside the values of its parameters. */
export const requestSweep = z.strictObject({
  /** Parameters whose lists advance together instead of multiplying; absent = as in the suite. */
  zip: z.array(z.string()).optional(),
  /** How often the parameters that are drawn at random are drawn; absent = as in the suite. */
  draws: z.number().int().min(1).optional(),
  /** Experiments written out, a row of a table each; their parameters are set nowhere else. */
  list: z.array(parameterTable).min(1).optional(),
});
export type RequestSweep = z.infer<typeof requestSweep>;
