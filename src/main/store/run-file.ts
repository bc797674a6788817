import { join } from 'node:path';
import { z } from 'zod';
import type { Diagnosis } from '../../shared/domain/exit-reason.ts';
import { parameters } from '../../shared/model/json.ts';
import { type JsonFile, readJsonFile, writeFileAtomic } from '../platform/atomic-file.ts';

/** `run.json`: all that the supervisor and the worker of one attempt need to know. */
export const runFile = z.object({
  version: z.literal(1),
  batch: z.string(),
  index: z.number().int(),
  attempt: z.number().int(),
  name: z.string(),
  workload: z.string(),
  workloadVersion: z.number().int(),
  workloadFolder: z.string(),
  identity: z.string(),
  parameters,
  seed: z.number().int(),
  batchSeed: z.number().int(),
  /** As the process sees it: the one visible GPU is always `cuda:0`. */
  device: z.string(),
  /** Of a run that takes several, one for each of its processes, the first being `device`; absent = one. */
  devices: z.array(z.string()).min(2).optional(),
  /** As the machine counts it; of several, all: `cuda:0+cuda:2`. */
  hostDevice: z.string().nullable().default(null),
  /** Of each process. */
  threads: z.number().int(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  workingFolder: z.string(),
  cacheFolder: z.string(),
  /** Code of the batch, frozen or where a suite found it; null = the workload's own is all there is. */
  sourceFolder: z.string().nullable().optional(),
  /** Where the frozen code was copied from. */
  originFolder: z.string().nullable().optional(),
  /** A named pipe; what is written there is typed into the run. */
  inputFile: z.string().optional(),
  /** Whether the supervisor shows the output on its terminal too, and not only writes it to the log. */
  mirror: z.boolean().default(true),
  /** Of a longer output only the beginning and the end are kept; null = all of it. */
  logLimitBytes: z.number().int().positive().nullable().default(null),
  resumeFrom: z.string().nullable(),
  memoryLimitMb: z.number().nullable(),
  timeoutSeconds: z.number().nullable(),
  graceSeconds: z.number(),
  /** Lane of the batch screen that this run takes, from 1. */
  worker: z.number().int().default(1),
  standby: z.boolean().default(false),
  /** When the place that this run takes became free, in Unix seconds. */
  slotFreeAt: z.number().nullable().default(null),
});
export type RunFile = z.infer<typeof runFile>;

const processName = z.object({ pid: z.number().int(), start: z.string().nullable() });

/** `status.json`, written by the supervisor. */
export const statusFile = z.object({
  version: z.literal(1),
  state: z.enum(['starting', 'running', 'paused', 'exited']),
  supervisor: processName,
  process: processName.nullable(),
  startedAt: z.number(),
  updatedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  seconds: z.number(),
  exitCode: z.number().int().nullable(),
  signal: z
    .union([z.string(), z.number()])
    .nullable()
    .transform((value) => (value === null ? null : String(value))),
  stopReason: z.enum(['stop', 'cancel', 'timeout', 'start-failed']).nullable(),
  message: z.string().nullable(),
  peakMemoryBytes: z.number().nullable(),
  cpuSeconds: z.number().nullable(),
});
export type StatusFile = z.infer<typeof statusFile>;

const diagnosisFile = z.object({
  supervisorLost: z.boolean(),
  folderMissing: z.boolean(),
  kernelLine: z.string().nullable(),
  swapGrowthBytes: z.number().nullable(),
  pressure: z.enum(['normal', 'warning', 'critical']).nullable(),
});

export type Read<T> = { readonly kind: 'ok'; readonly value: T } | Exclude<JsonFile, { kind: 'ok' }>;

export function readRunFile(folder: string): Read<RunFile> {
  return readAs(join(folder, 'run.json'), runFile);
}

export function readStatusFile(folder: string): Read<StatusFile> {
  return readAs(join(folder, 'status.json'), statusFile);
}

/** What the app noted about the end of an attempt; absent for nearly all. */
export function readDiagnosis(folder: string): Diagnosis | null {
  const read = readAs(join(folder, 'diagnosis.json'), diagnosisFile);
  return read.kind === 'ok' ? read.value : null;
}

export function writeDiagnosis(folder: string, diagnosis: Diagnosis): void {
  writeFileAtomic(join(folder, 'diagnosis.json'), `${JSON.stringify(diagnosis)}\n`);
}

/** A JSON file checked against a schema; what does not fit is rubbish with a sentence. */
export function readAs<T>(path: string, schema: z.ZodType<T>): Read<T> {
  const read = readJsonFile(path);
  if (read.kind !== 'ok') return read;
  const parsed = schema.safeParse(read.value);
  if (parsed.success) return { kind: 'ok', value: parsed.data };
  const problem = parsed.error.issues[0];
  const where = problem?.path.join('.');
  return {
    kind: 'rubbish',
    sentence: `${path} is not usable${where ? ` at "${where}"` : ''}: ${problem?.message ?? 'unknown problem'}.`,
  };
}
