import { z } from 'zod';
import { suiteSetting } from './suite.ts';

export const parameterKind = z.enum(['number', 'boolean', 'any']);
export type ParameterKind = z.infer<typeof parameterKind>;

/** A parameter that can be set before the start. */
export const suiteParameter = z.object({
  name: z.string(),
  /** Its value as a person writes it; empty where no single value says it, such as a random draw. */
  text: z.string(),
  /** What the suite makes of it, in a phrase: "3 values", "drawn at random". */
  hint: z.string(),
  /** Experiments of the suite differ in it. */
  varies: z.boolean(),
  /** What its values are, as far as the suite says them. */
  kind: parameterKind,
  /** The range or the draw that it is; absent = a value or a list, or said in several places. */
  setting: suiteSetting.optional(),
  /** Its list advances together with others. */
  together: z.boolean().optional(),
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
    /** What the count is a product of, for a suite that is one part; null = it has phases. */
    sweep: z
      .object({
        /** How often its random parameters are drawn; null = it has none. */
        draws: z.number().int().nullable(),
        /** Experiments that are written out, in the file or in a table; 0 = none. */
        rows: z.number().int(),
        /** Parameters of these. */
        listed: z.array(z.string()),
        /** Null = it says none. */
        seeds: z.number().int().nullable(),
      })
      .nullable(),
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
  /** For people to read: `~` for their home. */
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
