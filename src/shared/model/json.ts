import { z } from 'zod';

/** Any JSON value. Non-finite numbers travel as {@link WireNumber}, never as bare NaN. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export const json: z.ZodType<Json> = z.json() as z.ZodType<Json>;

/**
 * A number that may be non-finite. JSON has no NaN, so on every wire and in every file the three
 * non-finite values are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`.
 */
export const wireNumber = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
export type WireNumber = z.infer<typeof wireNumber>;

/** The IEEE value of a wire number. */
export function fromWireNumber(value: WireNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

/** The wire form of any number. */
export function toWireNumber(value: number): WireNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

/** Parameters of one experiment: what the training program reads, by name. */
export const parameters = z.record(z.string(), json);
export type Parameters = z.infer<typeof parameters>;
