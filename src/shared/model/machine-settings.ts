import { z } from 'zod';

/** The compute devices a run can be asked to use. `auto` is resolved to one of the others by the plan. */
export const deviceChoice = z.enum(['auto', 'mps', 'cuda', 'cpu']);
export type DeviceChoice = z.infer<typeof deviceChoice>;

export const profile = z.enum(['minimal', 'conservative', 'aggressive', 'custom']);
export type Profile = z.infer<typeof profile>;

/** How much of the machine a batch may use and how it goes about it: no part of what is trained, but for the seed. */
export const machineSettings = z.strictObject({
  device: deviceChoice,
  /** 0 = automatic. */
  workers: z.number().int().min(0).max(64),
  profile,
  /** Memory that may be used, in GB (2^30 bytes); absent = 80 % of the machine's. */
  memoryGb: z.number().positive(),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  /** CPU threads per run. */
  threads: z.number().int().min(1).max(256),
  timeoutSeconds: z.number().positive(),
  /** Automatic new attempts after a failure. */
  retries: z.number().int().min(0).max(10),
  /** Before the first of them, in seconds; doubled before each further one. */
  retryDelaySeconds: z.number().min(0).max(86_400),
  /** Nothing new starts after the first experiment that has failed for good; what lives finishes. */
  failFast: z.boolean(),
});
export const someMachineSettings = machineSettings.partial();
export type MachineSettings = z.infer<typeof someMachineSettings>;
