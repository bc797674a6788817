import { z } from 'zod';
import { brokenPreset } from '../model/own-preset.ts';
import { plan } from '../model/plan.ts';
import { launchPreview } from '../model/launch-preview.ts';
import { PEOPLE_ONLY, planCall } from '../model/plan-call.ts';
import { manifest } from '../model/workload.ts';
import { call } from './define.ts';

export const workloadCalls = {
  'workloads.list': call(
    z.strictObject({}),
    z.object({
      workloads: z.array(manifest),
      /** Folders whose manifest cannot be used, with the reason. */
      broken: z.array(z.object({ folder: z.string(), sentence: z.string() })),
      /** Own presets whose files cannot be used. */
      brokenPresets: z.array(brokenPreset),
    }),
  ),
  /** What would happen, without anything happening. */
  'plans.make': call(planCall, plan, PEOPLE_ONLY),
  /** The commands of what would run, without anything happening; `indices` absent = of all. */
  'plans.commands': call(
    planCall.extend({ indices: z.array(z.number().int().nonnegative()).optional() }),
    z.object({ commands: z.array(launchPreview) }),
    PEOPLE_ONLY,
  ),
};
