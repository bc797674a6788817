import { z } from 'zod';
import { presetSummary, presetTitle } from '../model/own-preset.ts';
import { planCall } from '../model/plan-call.ts';
import { call } from './define.ts';

const workload = z.string().min(1);
const preset = z.string().min(1);
const named = z.object({ workload: z.string(), preset: z.string() });

/** Presets that a person has saved in the workspace. `workloads.list` shows them among the others. */
export const presetCalls = {
  /**
   * Saves a request as a preset: what differs from its own preset or suite. `replace` names the own preset that is
   * changed; absent = a new one, whose name must be free.
   */
  'presets.save': call(
    z.strictObject({
      title: presetTitle,
      summary: presetSummary.default(''),
      replace: preset.optional(),
      request: planCall.omit({ suite: true, python: true, csv: true }),
      /** Absolute path of a suite file. Only the command line sets it. */
      suite: z.string().optional(),
    }),
    named,
    ['suite'],
  ),
  /** Another title, and with it another name; presets that extend it follow. */
  'presets.rename': call(
    z.strictObject({ workload, preset, title: presetTitle, summary: presetSummary.default('') }),
    named,
  ),
  /** Moves the file to the workspace's trash. Refused while other presets extend it. */
  'presets.remove': call(z.strictObject({ workload, preset }), z.strictObject({})),
};
