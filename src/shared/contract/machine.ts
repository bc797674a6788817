import { z } from 'zod';
import { hardwareFacts, machineSample, processSample } from '../model/hardware.ts';
import { call, topic } from './define.ts';

export const machineCalls = {
  'machine.facts': call(z.strictObject({}), hardwareFacts),
  /** Samples of the last `seconds`, thinned to about `points`. */
  'machine.history': call(
    z.strictObject({
      seconds: z
        .number()
        .positive()
        .max(7 * 86_400),
      points: z.number().int().min(10).max(5_000).default(600),
    }),
    z.object({ samples: z.array(machineSample) }),
  ),
  /** Process trees of the live runs. */
  'machine.processes': call(
    z.strictObject({}),
    z.object({
      runs: z.array(
        z.object({
          batch: z.string(),
          index: z.number().int(),
          name: z.string(),
          processes: z.array(processSample),
        }),
      ),
    }),
  ),
};

export const machineTopics = {
  /** About one a second while somebody listens. */
  machine: topic(machineSample),
};
