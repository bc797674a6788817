/** Something that is fetched: the last good value stays while a newer one is on its way. */
export interface Loadable<T> {
  readonly value: T | null;
  readonly busy: boolean;
  /** One sentence; null = nothing went wrong. */
  readonly problem: string | null;
}

export const nothingYet: Loadable<never> = { value: null, busy: false, problem: null };

/** A newer value is on its way; the old one stays. */
export function loading<T>(before: Loadable<T>): Loadable<T> {
  return { ...before, busy: true };
}

export function loaded<T>(value: T): Loadable<T> {
  return { value, busy: false, problem: null };
}

/** It could not be fetched; the old value stays, and the sentence says why it is old. */
export function refused<T>(before: Loadable<T>, problem: string): Loadable<T> {
  return { value: before.value, busy: false, problem };
}
