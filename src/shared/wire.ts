import { z } from 'zod';
import { errorData } from './model/error.ts';

/** Raised whenever a message changes its meaning; both sides refuse another version in words. */
export const PROTOCOL_VERSION = 1;

const id = z.number().int().nonnegative();

/** What a client sends. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.number().int() }),
  z.object({ type: z.literal('call'), id, method: z.string(), input: z.unknown() }),
  /** `since`: deliver what was published after this `seq` first (topics with a history only). */
  z.object({ type: z.literal('subscribe'), id, topic: z.string(), since: z.number().int().optional() }),
  z.object({
    type: z.literal('watch'),
    id,
    watch: z.string(),
    key: z.unknown(),
    from: z.number().int().nonnegative(),
    credit: z.number().int().positive(),
  }),
  z.object({ type: z.literal('credit'), id, credit: z.number().int().positive() }),
  /** Ends a subscription or a watch. */
  z.object({ type: z.literal('end'), id }),
]);
export type ClientMessage = z.infer<typeof clientMessage>;

export const reply = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: errorData }),
]);
export type Reply = z.infer<typeof reply>;

/** What the core sends. */
export const serverMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), protocol: z.number().int(), version: z.string() }),
  z.object({ type: z.literal('reply'), id, reply }),
  z.object({ type: z.literal('topic'), id, item: z.unknown() }),
  /** The history does not reach back to `since`: take a new snapshot. */
  z.object({ type: z.literal('gap'), id }),
  /** `next`: where to resume behind this item. */
  z.object({ type: z.literal('item'), id, item: z.unknown(), next: z.number().int() }),
  z.object({ type: z.literal('ended'), id, error: errorData.nullable() }),
]);
export type ServerMessage = z.infer<typeof serverMessage>;

/**
 * Text of a message. Plain JSON: logs travel as lines and files are fetched by the browser itself, so no
 * binary form is needed. A bare non-finite number is a bug of the sender, because it would silently
 * become null.
 */
export function encodeMessage(message: ClientMessage | ServerMessage): string {
  return JSON.stringify(message, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new TypeError(`A non-finite number reached the wire at "${key}"; use toWireNumber.`);
    }
    return value;
  });
}

/** The message in a text; throws SyntaxError on rubbish. */
export function decodeMessage(text: string): unknown {
  return JSON.parse(text);
}
