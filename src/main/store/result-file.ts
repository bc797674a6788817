import { join } from 'node:path';
import { z } from 'zod';
import { json, parameters } from '../../shared/model/json.ts';
import { readAs } from './run-file.ts';

/** `result.json`, written last by the worker and only on success. */
export const resultFile = z.object({
  version: z.literal(1),
  identity: z.string().length(64),
  workload: z.string(),
  workloadVersion: z.number().int(),
  parameters,
  seed: z.number().int(),
  device: z.string(),
  threads: z.number().int(),
  startedAt: z.number(),
  endedAt: z.number(),
  seconds: z.number(),
  rows: z.number().int().nonnegative(),
  summary: z.record(z.string(), json),
  versions: z.record(z.string(), z.string()),
  peakMemoryBytes: z.number().nullable(),
  /** What is missing, in the workload's own words: then the result is shown but does not count as done. */
  partial: z.string().min(1).optional(),
});
export type ResultFile = z.infer<typeof resultFile>;

export type ResultRead =
  | { readonly kind: 'valid'; readonly value: ResultFile }
  | { readonly kind: 'partial'; readonly value: ResultFile; readonly sentence: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly sentence: string };

/** A result counts only for the experiment that it names, and only with all of its rows. */
export function readResult(folder: string, expected: { identity: string; rows: number }): ResultRead {
  const read = readAs(join(folder, 'result.json'), resultFile);
  if (read.kind === 'missing') return { kind: 'missing' };
  if (read.kind === 'rubbish')
    return { kind: 'invalid', sentence: `The result does not count: ${read.sentence}` };
  if (read.value.identity !== expected.identity) {
    return {
      kind: 'invalid',
      sentence: 'The result does not count: it belongs to another experiment (its identity differs).',
    };
  }
  if (read.value.rows !== expected.rows) {
    const sentence = `The result does not count: it speaks of ${read.value.rows} rows, ${expected.rows} were written.`;
    return { kind: 'invalid', sentence };
  }
  const { partial } = read.value;
  return partial === undefined
    ? { kind: 'valid', value: read.value }
    : { kind: 'partial', value: read.value, sentence: partial };
}
