import { z } from 'zod';
import { comparison, suiteChoice } from '../model/comparison.ts';
import { call } from './define.ts';

const selection = {
  workload: z.string(),
  /** Only results of these batches; absent = every result found. */
  batches: z.array(z.string()).optional(),
  /** Only results of this suite or preset; absent (and no batches) = all, or of a workload made of suites the newest one. */
  suite: z.string().optional(),
  /** Only results of experiments that fit this filter (docs/tables.md). */
  where: z.string().max(10_000).optional(),
  /** What the values are grouped by and drawn over, of what the comparison offers; absent = as the workload or its suite says. */
  group: z.string().optional(),
  x: z.string().optional(),
  /** Which metric is compared, and which of its values, of what the comparison offers; absent = as the workload or its suite says. */
  metric: z.string().optional(),
  value: z.string().optional(),
  /** What the results lack of these four is left as the workload or its suite says, with a note; absent = refused. */
  fallBack: z.boolean().optional(),
};

export const resultCalls = {
  /** Compares every valid result, the newest per identity; nothing is trained again. */
  'results.compare': call(z.strictObject(selection), comparison),
  /** Workloads that have results, with counts. */
  'results.summary': call(
    z.strictObject({}),
    z.object({
      workloads: z.array(
        z.object({
          workload: z.string(),
          title: z.string(),
          results: z.number().int(),
          batches: z.number().int(),
        }),
      ),
    }),
  ),
  /**
   * Writes exports into the batch's `exports/` and names the files (relative to the workspace).
   * `csv`: all rows; `json`: all rows with statistics; `jsonl`: all rows, a line each; `points`, `points-wide`,
   * `points-jsonl`, `points-wide-jsonl`: every point of every metric; others are the workload's own formats, such as `yaml`.
   */
  'results.export': call(
    z.strictObject({ ...selection, format: z.string() }),
    z.object({
      folder: z.string(),
      files: z.array(z.object({ name: z.string(), bytes: z.number() })),
      ...suiteChoice,
    }),
  ),
  /** One text export as data, for a download in the window. */
  'results.table': call(
    z.strictObject({ ...selection, table: z.enum(['rows', 'statistics']) }),
    z.object({ name: z.string(), csv: z.string() }),
  ),
};
