import { z } from 'zod';

/** How one thing stands. `absent`: it is not there, and nothing is wrong with that. `unknown`: it cannot be told yet. */
export const setupState = z.enum(['ready', 'attention', 'missing', 'absent', 'unknown']);
export type SetupState = z.infer<typeof setupState>;

/** What the button of a line does. `automatic`: let Minibatch choose the Python again. */
export const setupFix = z.object({
  kind: z.enum(['prepare', 'repair', 'automatic', 'reindex', 'check']),
  title: z.string(),
});
export type SetupFix = z.infer<typeof setupFix>;

/** One line: a state, one sentence, at most one button. */
export const setupCheck = z.object({
  id: z.string(),
  title: z.string(),
  state: setupState,
  sentence: z.string(),
  fix: setupFix.nullable(),
});
export type SetupCheck = z.infer<typeof setupCheck>;

/** A Python that was found. A page names it by its id alone; the path is there to be read. */
export const setupPython = z.object({
  id: z.string(),
  path: z.string(),
  /** Where it comes from, in words. */
  origin: z.string(),
  version: z.string().nullable(),
  /** "arm64", or "x86_64, translated by Rosetta". */
  architecture: z.string().nullable(),
  torch: z.string().nullable(),
  devices: z.array(z.string()),
  usable: z.boolean(),
  /** It is the one that runs are started with. */
  used: z.boolean(),
  /** One sentence: what it can do, or why it cannot train and what to do. */
  verdict: z.string(),
});
export type SetupPython = z.infer<typeof setupPython>;

/** Whether this machine can train, and everything that depends on. The user's home is written as `~`. */
export const setupReport = z.object({
  at: z.number(),
  canTrain: z.boolean(),
  headline: z.string(),
  /** Which Python is used and why, or the one next step. */
  sentence: z.string(),
  /** A person chose the Python; else Minibatch does. */
  choice: z.enum(['automatic', 'chosen']),
  pythons: z.array(setupPython),
  groups: z.array(z.object({ title: z.string(), checks: z.array(setupCheck) })),
  versions: z.array(z.object({ name: z.string(), value: z.string() })),
  /** What preparing a Python does, and why it cannot be done just now; null = it can. */
  preparing: z.object({ sentence: z.string(), blocked: z.string().nullable() }),
});
export type SetupReport = z.infer<typeof setupReport>;

const lines = z.array(z.string());

/** The preparation of a Python, as it goes. `lines` are the newest of the installer's. */
export const setupJob = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('idle') }),
  z.object({ kind: z.literal('running'), startedAt: z.number(), fraction: z.number(), lines }),
  z.object({ kind: z.literal('done'), endedAt: z.number(), lines }),
  z.object({ kind: z.literal('failed'), endedAt: z.number(), sentence: z.string(), lines }),
  z.object({ kind: z.literal('cancelled'), endedAt: z.number(), lines }),
]);
export type SetupJob = z.infer<typeof setupJob>;
