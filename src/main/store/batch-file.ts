import { join } from 'node:path';
import { z } from 'zod';
import { hardwareFacts } from '../../shared/model/hardware.ts';
import { hookEvent } from '../../shared/model/hooks.ts';
import { plan } from '../../shared/model/plan.ts';
import { appendLine, readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';
import { createJsonLinesReader } from '../platform/json-lines.ts';

/** `batch.json`: the plan as it was frozen at the start, and with what it is run. */
export const batchFile = z.object({
  version: z.literal(1),
  id: z.string(),
  title: z.string(),
  createdAt: z.number(),
  /** Absolute path of the interpreter. */
  python: z.string(),
  plan,
  hardware: hardwareFacts,
  /** What lies in `code/`, for a batch that came from a suite. */
  code: z
    .object({
      root: z.string(),
      fingerprint: z.string(),
      commit: z.string().nullable(),
      diff: z.string().nullable(),
      files: z.number().int(),
      bytes: z.number(),
      linked: z.array(z.string()).readonly(),
    })
    .optional(),
});
export type BatchFile = z.infer<typeof batchFile>;

const at = { t: z.number() };
const indices = z.array(z.number().int().nonnegative());

/** One line of `journal.jsonl`: what people asked for, and what the scheduler decided for them. */
export const journalEntry = z.discriminatedUnion('kind', [
  z.object({ ...at, kind: z.literal('pause') }),
  z.object({ ...at, kind: z.literal('resume') }),
  z.object({ ...at, kind: z.literal('stop'), mode: z.enum(['checkpoint', 'cancel']) }),
  z.object({ ...at, kind: z.literal('workers'), workers: z.number().int(), why: z.string() }),
  z.object({ ...at, kind: z.literal('postpone'), indices, reason: z.string() }),
  z.object({ ...at, kind: z.literal('release'), indices }),
  z.object({ ...at, kind: z.literal('cancel'), indices }),
  /** These start next, in this order, directly before another one; null = behind all others. */
  z.object({ ...at, kind: z.literal('reorder'), indices, before: z.number().int().nullable() }),
  /** Nothing was started, because the tiny step before it did not work. */
  z.object({ ...at, kind: z.literal('smoke-failed'), sentence: z.string() }),
  /** Nothing new starts because an experiment has failed; what lives finishes. */
  z.object({ ...at, kind: z.literal('halt'), sentence: z.string() }),
  /** Another batch has brought the result in the meantime: that run stands for the experiment. */
  z.object({
    ...at,
    kind: z.literal('skip'),
    index: z.number().int(),
    existing: z.object({ batch: z.string(), index: z.number().int(), attempt: z.number().int() }),
    reason: z.string(),
  }),
  /** Queued again behind the attempt `after`. */
  z.object({
    ...at,
    kind: z.literal('again'),
    experiments: z.array(z.object({ index: z.number().int(), after: z.number().int() })),
    why: z.string(),
    /** Given by the scheduler itself, so it counts towards `retries`. */
    automatic: z.boolean().default(false),
    /** From the beginning, whatever results and checkpoints there are: they stay, and count until a newer one does. */
    anew: z.boolean().optional(),
    /** Not started until then, in Unix seconds. */
    notBefore: z.number().optional(),
  }),
  /** Hooks are about to be run for the end of an attempt, or for the batch's end after so many beginnings: once for each. */
  z.object({
    ...at,
    kind: z.literal('hook'),
    event: hookEvent,
    index: z.number().int().optional(),
    attempt: z.number().int().optional(),
    end: z.number().int().optional(),
  }),
  /** A warning of the batch. */
  z.object({ ...at, kind: z.literal('hook-failed'), sentence: z.string() }),
]);
export type JournalEntry = z.infer<typeof journalEntry>;

export type BatchFolder =
  | {
      readonly kind: 'ok';
      readonly file: BatchFile;
      readonly journal: readonly JournalEntry[];
      readonly bad: number;
    }
  | { readonly kind: 'damaged'; readonly sentence: string };

export function writeBatchFile(folder: string, file: BatchFile): void {
  writeFileAtomic(join(folder, 'batch.json'), `${JSON.stringify(file, null, 1)}\n`);
}

export function appendJournal(folder: string, entry: JournalEntry): void {
  appendLine(join(folder, 'journal.jsonl'), JSON.stringify(entry));
}

/** Never throws for what lies in the folder. */
export function readBatchFolder(folder: string): BatchFolder {
  const read = readJsonFile(join(folder, 'batch.json'));
  if (read.kind === 'missing') return damaged(`${join(folder, 'batch.json')} is missing.`);
  if (read.kind === 'rubbish') return damaged(read.sentence);
  const parsed = batchFile.safeParse(read.value);
  if (!parsed.success) {
    const problem = parsed.error.issues[0];
    return damaged(
      `${join(folder, 'batch.json')} is not usable: ${problem?.path.join('.') ?? ''} ${problem?.message ?? ''}.`,
    );
  }
  return { kind: 'ok', file: parsed.data, ...readJournal(folder) };
}

/** Rubbish lines of a journal are left out and counted. */
export function readJournal(folder: string): { journal: JournalEntry[]; bad: number } {
  const reader = createJsonLinesReader(join(folder, 'journal.jsonl'));
  const journal: JournalEntry[] = [];
  let bad = 0;
  for (let more = true; more; ) {
    const read = reader.read();
    bad += read.bad;
    more = read.more;
    for (const value of read.values) {
      const parsed = journalEntry.safeParse(value);
      if (parsed.success) journal.push(parsed.data);
      else bad += 1;
    }
  }
  return { journal, bad };
}

function damaged(sentence: string): BatchFolder {
  return {
    kind: 'damaged',
    sentence: `${sentence} The other batches are not affected; move this folder away or put the file back.`,
  };
}
