import { z } from 'zod';

/** A parameter that can be set before the start. */
export const suiteParameter = z.object({
  name: z.string(),
  /** Its value as a person writes it; empty where no single value says it, such as a random draw. */
  text: z.string(),
  /** What the suite makes of it, in a phrase: "3 values", "drawn at random". */
  hint: z.string(),
  /** Experiments of the suite differ in it. */
  varies: z.boolean(),
});
export type SuiteParameter = z.infer<typeof suiteParameter>;

/** What a suite means, or what is wrong with it. */
export const suiteCheck = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('ok'),
    name: z.string(),
    count: z.number().int(),
    /** The first of them, in their order. */
    experiments: z.array(z.object({ label: z.string(), phase: z.string(), queue: z.string() })),
    parameters: z.array(suiteParameter),
  }),
  z.object({
    kind: z.literal('problem'),
    sentence: z.string(),
    /** From 1; null = the file cannot be read. */
    line: z.number().int().nullable(),
    /** With dots between the keys around it; null = the file as a whole. */
    key: z.string().nullable(),
  }),
]);
export type SuiteCheck = z.infer<typeof suiteCheck>;

/** A suite file that a page may plan and start. */
export const suiteEntry = z.object({
  id: z.string(),
  /** Absolute; for people to read. */
  path: z.string(),
  /** Of the suite, or of its file. */
  name: z.string(),
  check: suiteCheck,
  /** The newest batch that it was run as; null = it was opened and not run yet. */
  latest: z.object({ batch: z.string(), createdAt: z.number() }).nullable(),
  /** How many batches it was run as. */
  batches: z.number().int(),
});
export type SuiteEntry = z.infer<typeof suiteEntry>;

export const suiteDocument = suiteEntry.extend({ text: z.string() });
export type SuiteDocument = z.infer<typeof suiteDocument>;
