import { z } from 'zod';
import { json, wireNumber } from './json.ts';

const at = { t: z.number() };

/** One line of `events.jsonl`, written by a worker. `t` is in Unix seconds. See docs/formats.md. */
export const runEvent = z.discriminatedUnion('kind', [
  z.object({
    ...at,
    kind: z.literal('start'),
    device: z.string(),
    threads: z.number().int(),
    versions: z.record(z.string(), z.string()).default({}),
  }),
  z.object({ ...at, kind: z.literal('phase'), text: z.string() }),
  z.object({
    ...at,
    kind: z.literal('progress'),
    done: z.number(),
    total: z.number(),
    unit: z.string().default(''),
  }),
  z.object({ ...at, kind: z.literal('metric'), step: z.number(), values: z.record(z.string(), wireNumber) }),
  z.object({ ...at, kind: z.literal('row'), row: z.record(z.string(), json) }),
  z.object({
    ...at,
    kind: z.literal('message'),
    level: z.enum(['info', 'warning', 'error']),
    text: z.string(),
  }),
  z.object({
    ...at,
    kind: z.literal('memory'),
    allocated: z.number().nullable(),
    driver: z.number().nullable(),
    peak: z.number().nullable(),
  }),
  z.object({ ...at, kind: z.literal('checkpoint'), name: z.string() }),
  z.object({ ...at, kind: z.literal('result'), summary: z.record(z.string(), json) }),
  z.object({
    ...at,
    kind: z.literal('error'),
    class: z.string(),
    text: z.string(),
    traceback: z.string().default(''),
  }),
]);
export type RunEvent = z.infer<typeof runEvent>;
