import type { z } from 'zod';

/** One request with one reply. */
export interface CallDefinition<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly input: Input;
  readonly output: Output;
  /** Keys of the input that name paths or commands of this machine: only the command line may send them, never a page. */
  readonly paths: readonly string[];
}

/** A small fact sent to everyone who subscribed. */
export interface TopicDefinition<Item extends z.ZodType = z.ZodType> {
  readonly item: Item;
}

/**
 * A keyed, high-volume stream. The server sends at most `credit` items before the client grants more;
 * every item carries the offset to resume behind it.
 */
export interface WatchDefinition<Key extends z.ZodType = z.ZodType, Item extends z.ZodType = z.ZodType> {
  readonly key: Key;
  readonly item: Item;
}

export function call<I extends z.ZodType, O extends z.ZodType>(
  input: I,
  output: O,
  paths: readonly string[] = [],
): CallDefinition<I, O> {
  return { input, output, paths };
}

export function topic<T extends z.ZodType>(item: T): TopicDefinition<T> {
  return { item };
}

export function watch<K extends z.ZodType, T extends z.ZodType>(key: K, item: T): WatchDefinition<K, T> {
  return { key, item };
}
