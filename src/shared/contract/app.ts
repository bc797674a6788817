import { z } from 'zod';
import { doctorReport } from '../model/python.ts';
import { call, topic } from './define.ts';

const nothing = z.strictObject({});

export const appCalls = {
  'app.info': call(
    nothing,
    z.object({
      version: z.string(),
      /** Absolute. */
      workspace: z.string(),
      /** The same as people write it: `~` for their home. */
      workspaceShown: z.string(),
      platform: z.string(),
      startedAt: z.number(),
    }),
  ),
  'app.doctor': call(z.strictObject({ python: z.string().optional() }), doctorReport, ['python']),
  /** Rebuilds the index from the run folders alone. */
  'app.reindex': call(
    nothing,
    z.object({ batches: z.number().int(), runs: z.number().int(), problems: z.array(z.string()) }),
  ),
};

export const appTopics = {
  /** Something a person should know that belongs to no single run. */
  notice: topic(z.object({ level: z.enum(['info', 'warning', 'error']), text: z.string() })),
};
