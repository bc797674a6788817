import { z } from 'zod';

/** A page of terminal lines. Lines keep their SGR colour sequences; carriage returns are already resolved. */
export const logPage = z.object({
  firstLine: z.number().int(),
  lines: z.array(z.string()),
  /** Lines known so far; the last one may still change. */
  totalLines: z.number().int(),
  bytes: z.number(),
  /** True when the run has ended and every line is indexed. */
  complete: z.boolean(),
  /** First line of what looks like an error or a traceback; null = none so far. */
  firstErrorLine: z.number().int().nullable(),
});
export type LogPage = z.infer<typeof logPage>;

export const logMatch = z.object({ line: z.number().int(), text: z.string() });
export type LogMatch = z.infer<typeof logMatch>;

/** A batch of one metric's points, min-max thinned. */
export const metricSeries = z.object({
  name: z.string(),
  steps: z.array(z.number()),
  /** When each was reported, in Unix seconds; absent from a core that does not tell. */
  times: z.array(z.number()).optional(),
  /** NaN and infinities in wire form. */
  values: z.array(z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])),
  total: z.number().int(),
});
export type MetricSeries = z.infer<typeof metricSeries>;
