import { z } from 'zod';

/** What would be started for one experiment of a plan. The batch has no name before its start: `<batch>` stands for it. */
export const launchPreview = z.object({
  index: z.number().int(),
  name: z.string(),
  command: z.array(z.string()),
  /** Variables that the run gets beyond those of the app, or with another value. */
  environment: z.record(z.string(), z.string()),
  workingFolder: z.string(),
  /** Where everything of the run is written. */
  folder: z.string(),
});
export type LaunchPreview = z.infer<typeof launchPreview>;
