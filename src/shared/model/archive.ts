import { z } from 'zod';

/** How one queue of a batch stands. `done` has a result, of its own or of an earlier batch. */
export const queueStanding = z.object({
  queue: z.string(),
  /** Device that it is bound to; null = that of the batch. */
  device: z.string().nullable(),
  total: z.number().int(),
  done: z.number().int(),
  running: z.number().int(),
  queued: z.number().int(),
  postponed: z.number().int(),
  /** failed, timed out, cancelled, interrupted */
  unsuccessful: z.number().int(),
  /** Estimated work of what runs or is queued, in seconds on one worker. */
  workSeconds: z.number(),
  /** Names of what runs now. */
  now: z.array(z.string()),
});
export type QueueStanding = z.infer<typeof queueStanding>;

/** An experiment whose state and files do not agree, or that has no result yet. */
export const missingResult = z.object({
  index: z.number().int(),
  name: z.string(),
  /** Kind of its state. */
  state: z.string(),
  sentence: z.string(),
});
export type MissingResult = z.infer<typeof missingResult>;

/** Expected against found for one queue of one phase; both are counted, never stored. */
export const verifiedPart = z.object({
  phase: z.string(),
  queue: z.string(),
  planned: z.number().int(),
  postponed: z.number().int(),
  /** planned - postponed */
  expected: z.number().int(),
  /** Results whose files were read again and are valid. */
  found: z.number().int(),
  missing: z.array(missingResult),
});
export type VerifiedPart = z.infer<typeof verifiedPart>;

export const verification = z.object({
  batch: z.string(),
  parts: z.array(verifiedPart),
  planned: z.number().int(),
  postponed: z.number().int(),
  expected: z.number().int(),
  found: z.number().int(),
  /** Everything expected was found. */
  complete: z.boolean(),
});
export type Verification = z.infer<typeof verification>;

/** `<name>.json` beside `<name>.tar.gz` in the workspace's `backups/`. */
export const backupFile = z.object({
  version: z.literal(1),
  batch: z.string(),
  title: z.string(),
  /** Unix seconds. */
  createdAt: z.number(),
  /** Why it was made: "asked for", "phase … done", "before cleaning". */
  why: z.string(),
  results: z.number().int(),
  files: z.number().int(),
  bytes: z.number(),
  sha256: z.string().length(64),
});
export type BackupFile = z.infer<typeof backupFile>;

/** One backup as it is found on disk. */
export const backupRecord = z.object({
  name: z.string(),
  /** Null: its description is missing or cannot be read. */
  file: backupFile.nullable(),
  /** One sentence when it cannot be restored as it is; checked by size in a list, by checksum before it is used. */
  problem: z.string().nullable(),
});
export type BackupRecord = z.infer<typeof backupRecord>;

export const restoreReport = z.object({
  batch: z.string(),
  /** Attempts put back, and attempts left alone because the workspace has a result there. */
  restored: z.number().int(),
  kept: z.number().int(),
});
export type RestoreReport = z.infer<typeof restoreReport>;

export const importReport = z.object({
  /** The batches made, one for each workload. */
  batches: z.array(z.string()),
  imported: z.number().int(),
  /** Results that the workspace has already. */
  known: z.number().int(),
  /** One sentence for each result that does not count. */
  refused: z.array(z.string()),
});
export type ImportReport = z.infer<typeof importReport>;
