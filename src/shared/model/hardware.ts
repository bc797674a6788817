import { z } from 'zod';

/** What the machine is; read once at start. Null = not known on this machine. */
export const hardwareFacts = z.object({
  platform: z.enum(['darwin', 'linux', 'other']),
  osVersion: z.string(),
  model: z.string().nullable(),
  chip: z.string(),
  architecture: z.string(),
  memoryBytes: z.number(),
  cores: z.number().int(),
  /** Fastest level first. `cpus` are indices into the per-core samples. */
  coreLevels: z.array(
    z.object({ name: z.string(), count: z.number().int(), cpus: z.array(z.number().int()) }),
  ),
  gpu: z
    .object({ name: z.string(), cores: z.number().int().nullable(), memoryBytes: z.number().nullable() })
    .nullable(),
  /** True when an x64 build runs translated on Apple Silicon. */
  translated: z.boolean(),
  notes: z.array(z.string()).default([]),
});
export type HardwareFacts = z.infer<typeof hardwareFacts>;

export const memorySample = z.object({
  totalBytes: z.number(),
  usedBytes: z.number().nullable(),
  availableBytes: z.number().nullable(),
  appBytes: z.number().nullable(),
  wiredBytes: z.number().nullable(),
  compressedBytes: z.number().nullable(),
  cachedBytes: z.number().nullable(),
  swapUsedBytes: z.number().nullable(),
  swapTotalBytes: z.number().nullable(),
  pressure: z.enum(['normal', 'warning', 'critical']).nullable(),
});
export type MemorySample = z.infer<typeof memorySample>;

export const gpuSample = z.object({
  percent: z.number().nullable(),
  allocatedBytes: z.number().nullable(),
  activeBytes: z.number().nullable(),
});
export type GpuSample = z.infer<typeof gpuSample>;

/** One process of a worker's tree. `footprintBytes` is physical footprint (macOS) or PSS/RSS (Linux). */
export const processSample = z.object({
  pid: z.number().int(),
  parent: z.number().int(),
  name: z.string(),
  cpuPercent: z.number().nullable(),
  footprintBytes: z.number().nullable(),
  threads: z.number().int().nullable(),
  gpuPercent: z.number().nullable(),
});
export type ProcessSample = z.infer<typeof processSample>;

/** The machine at one moment. A source that the machine lacks is null, never 0. */
export const machineSample = z.object({
  t: z.number(),
  cpuPercent: z.number().nullable(),
  perCore: z.array(z.number()),
  loadAverage: z.number().nullable(),
  memory: memorySample,
  gpu: gpuSample.nullable(),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
  thermal: z.enum(['nominal', 'fair', 'serious', 'critical']).nullable(),
  /** Health of each source: `ok`, or why it gives nothing. */
  sources: z.record(z.string(), z.string()),
});
export type MachineSample = z.infer<typeof machineSample>;
