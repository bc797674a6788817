import { z } from 'zod';

/**
 * Expected failures, as data. Anything else is a bug and travels as `internal`.
 * `usage` is wrong input (exit code 2); the others name a state of the machine or the data.
 */
export const errorCode = z.enum([
  'usage',
  'not-found',
  'conflict',
  'workspace-unusable',
  'workspace-held',
  'python-missing',
  'python-unfit',
  'device-missing',
  'workload-invalid',
  'not-possible-now',
  'disk-full',
  'unknown-method',
  'protocol',
  'disconnected',
  'internal',
]);
export type ErrorCode = z.infer<typeof errorCode>;

export const errorData = z.object({ code: errorCode, message: z.string() });
export type ErrorData = z.infer<typeof errorData>;

/** An expected failure: one clear sentence that names the thing and the way out. */
export class ExpectedError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ExpectedError';
    this.code = code;
  }
}
