import { z } from 'zod';
import { runEvent } from '../model/event.ts';
import { json, parameters } from '../model/json.ts';
import { logMatch, logPage, metricSeries } from '../model/log.ts';
import { call, watch } from './define.ts';

/** A run by id. `attempt` absent = the latest. */
const runKey = {
  batch: z.string().min(1),
  index: z.number().int().nonnegative(),
  attempt: z.number().int().min(1).optional(),
};

export const runCalls = {
  /** Types into the terminal of a live run. Refused in words for a run that an earlier app has started. */
  'runs.type': call(
    z.strictObject({ batch: runKey.batch, index: runKey.index, text: z.string().min(1).max(65_536) }),
    z.strictObject({}),
  ),
  'runs.get': call(
    z.strictObject(runKey),
    z.object({
      parameters,
      command: z.array(z.string()),
      environment: z.record(z.string(), z.string()),
      folder: z.string(),
      versions: z.record(z.string(), z.string()),
      artifacts: z.array(z.object({ name: z.string(), bytes: z.number() })),
      messages: z.array(z.object({ t: z.number(), level: z.string(), text: z.string() })),
    }),
  ),
  'runs.metrics': call(
    z.strictObject({
      ...runKey,
      names: z.array(z.string()).optional(),
      points: z.number().int().min(2).max(20_000).default(500),
    }),
    z.object({ series: z.array(metricSeries) }),
  ),
  'runs.rows': call(
    z.strictObject({
      ...runKey,
      offset: z.number().int().nonnegative().default(0),
      limit: z.number().int().min(1).max(10_000).default(1_000),
    }),
    z.object({ total: z.number().int(), rows: z.array(z.record(z.string(), json)) }),
  ),
  'logs.page': call(
    z.strictObject({ ...runKey, firstLine: z.number().int(), count: z.number().int().min(1).max(2_000) }),
    logPage,
  ),
  /**
   * The end of the log without line numbers, at once and whatever its size: what a window shows until the lines
   * before it are counted.
   */
  'logs.tail': call(
    z.strictObject({ ...runKey, count: z.number().int().min(1).max(2_000) }),
    z.object({ lines: z.array(z.string()), bytes: z.number() }),
  ),
  'logs.search': call(
    z.strictObject({
      ...runKey,
      pattern: z.string().min(1),
      regex: z.boolean().default(false),
      matchCase: z.boolean().default(false),
      limit: z.number().int().min(1).max(10_000).default(1_000),
    }),
    z.object({ matches: z.array(logMatch), truncated: z.boolean() }),
  ),
};

export const runWatches = {
  /** The terminal's own bytes as text, for an emulator. `from` = byte offset in `output.log`. */
  'runs.terminal': watch(z.strictObject(runKey), z.object({ text: z.string() })),
  /** Lines as they are written. `from` = first line wanted; an item may repeat the last line in its new form. */
  'logs.follow': watch(z.strictObject(runKey), logPage),
  /** Events as they are written. `from` = byte offset in `events.jsonl`. */
  'runs.events': watch(
    z.strictObject(runKey),
    z.object({ events: z.array(runEvent), bad: z.number().int() }),
  ),
};
