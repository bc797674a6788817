import { z } from 'zod';
import { suiteCheck, suiteDocument, suiteEntry } from '../model/suite-entry.ts';
import { call } from './define.ts';

/**
 * Suite files by ids. A page never names a path: it gets the ids of suites that a person has run from this workspace or
 * has opened in the window of this machine.
 */
export const suiteCalls = {
  /** What a suite given as text means, or what is wrong with it: nothing of the machine is looked at. */
  'suites.check': call(
    z.strictObject({ text: z.string(), seed: z.number().int().nonnegative().default(42) }),
    z.object({
      check: suiteCheck,
      /** The known suite with this very text; null = there is none. */
      known: z.string().nullable(),
    }),
  ),
  /** Makes a file known and answers with its id. The file may have mistakes: `suites.get` tells them. */
  'suites.open': call(z.strictObject({ path: z.string().min(1) }), z.object({ suite: z.string() }), ['path']),
  /** Known suites: what was opened, then what was run, newest first. */
  'suites.list': call(z.strictObject({}), z.object({ suites: z.array(suiteEntry) })),
  /** One of them, or the one that a batch came from, with its text and checked against the machine. */
  'suites.get': call(
    z.union([z.strictObject({ suite: z.string().min(1) }), z.strictObject({ batch: z.string().min(1) })]),
    suiteDocument,
  ),
};
