import { z } from 'zod';

/** What the probe script found inside one interpreter. */
export const interpreterProbe = z.object({
  version: z.string(),
  architecture: z.string(),
  prefix: z.string(),
  /** Version by module name; absent = cannot be imported. */
  modules: z.record(z.string(), z.string()),
  mps: z
    .object({ built: z.boolean(), available: z.boolean(), recommendedBytes: z.number().nullable() })
    .nullable(),
  cuda: z.array(z.object({ name: z.string(), memoryBytes: z.number() })),
  seconds: z.number(),
});
export type InterpreterProbe = z.infer<typeof interpreterProbe>;

export const interpreter = z.object({
  path: z.string(),
  origin: z.enum([
    'given',
    'chosen',
    'managed',
    'project',
    'uv',
    'conda',
    'pyenv',
    'homebrew',
    'python.org',
    'system',
  ]),
  probe: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('usable'), facts: interpreterProbe }),
    z.object({ kind: z.literal('unusable'), sentence: z.string(), facts: interpreterProbe.nullable() }),
  ]),
});
export type Interpreter = z.infer<typeof interpreter>;

/** The answer of `doctor`. */
export const doctorReport = z.object({
  interpreters: z.array(interpreter),
  chosen: z.string().nullable(),
  /** Which interpreter is used and why, or what to do to get one. */
  sentence: z.string(),
  devices: z.array(z.object({ device: z.string(), available: z.boolean(), sentence: z.string() })),
  workspace: z.object({ path: z.string(), sentence: z.string(), ok: z.boolean() }),
  strays: z.array(z.object({ pid: z.number().int(), folder: z.string() })),
  /** Checks that failed, each one sentence with its way out. */
  problems: z.array(z.string()),
});
export type DoctorReport = z.infer<typeof doctorReport>;
