import { z } from 'zod';
import { splitWords } from '../domain/shell-words.ts';

/** What ends: a batch (it finishes or comes to rest), a run that has failed, or any run. */
export const hookEvent = z.enum(['batchEnded', 'runFailed', 'runEnded']);
export type HookEvent = z.infer<typeof hookEvent>;

/** A text, split as a shell would (but run by none), or the words. */
export const hookCommand = z.union(
  [
    z
      .string()
      .min(1)
      .refine((text) => (splitWords(text)?.length ?? 0) > 0, { error: 'has a quote that is not closed' }),
    z.array(z.string()).min(1),
  ],
  { error: 'must be a command: a text, or a list of words' },
);
export type HookCommand = z.infer<typeof hookCommand>;

const commands = z.array(hookCommand, { error: 'must be a list of commands' }).optional();

/** Commands that are run when something ends. Only files of people and the command line name any. */
export const hooks = z.strictObject({
  batchEnded: commands,
  runFailed: commands,
  runEnded: commands,
  /** Seconds that a command may take; absent = 60. */
  timeLimit: z.number().positive().max(3_600).optional(),
});
export type Hooks = z.infer<typeof hooks>;

/** The words of a command. */
export function hookWords(command: HookCommand): readonly string[] {
  return typeof command === 'string' ? (splitWords(command) ?? []) : command;
}
