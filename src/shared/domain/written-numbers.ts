import type { Suite, SuiteValue, SweepAxis } from '../model/suite.ts';
import type { Values } from './sweep.ts';

/** How whole numbers were written that were written as floats, by parameter: `lr: 1.0` is lr → 1 → "1.0". */
export type WrittenNumbers = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Texts of the values of one experiment, where they differ from those of its numbers; null in a list = as the number. */
export type WrittenValues = Readonly<Record<string, string | readonly (string | null)[]>>;

const FLOAT = /^[-+]?(\d+\.\d*|\.\d+|\d+(?=[eE]))([eE][-+]?\d+)?$/;

/** Whether a text is a float that JSON, which has one kind of number, would turn into a whole number: "1.0", "1e3". */
export function isWholeFloat(text: string): boolean {
  return FLOAT.test(text) && Number.isSafeInteger(Number(text));
}

/** Takes the texts of such numbers out of values from outside, and adds them to those of a suite. */
export function takeWritten(
  values: Values,
  known: WrittenNumbers,
): { readonly values: Values; readonly written: WrittenNumbers } {
  const written = new Map(known);
  const taken = (name: string, value: SuiteValue): SuiteValue => {
    if (Array.isArray(value))
      return value.map((item) => taken(name, item) as Exclude<typeof item, unknown[]>);
    if (typeof value !== 'string' || !isWholeFloat(value)) return value;
    written.set(name, new Map(written.get(name)).set(Number(value), value));
    return Number(value);
  };
  return {
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, taken(name, value)])),
    written,
  };
}

/** The same for experiments that are written out. */
export function takeWrittenRows(
  rows: readonly Values[],
  known: WrittenNumbers,
): { readonly rows: Values[]; readonly written: WrittenNumbers } {
  let written = known;
  const taken = rows.map((row) => {
    const one = takeWritten(row, written);
    written = one.written;
    return one.values;
  });
  return { rows: taken, written };
}

/**
 * For each experiment the texts that its numbers need to stay floats: as they were written, and with a point where a
 * range or a draw that knows fractions happens to give a whole number.
 */
export function writtenValues(
  suite: Suite,
  written: WrittenNumbers,
  experiments: readonly Values[],
): WrittenValues[] {
  const computed = computedFloats(suite, written, experiments);
  const textOf = (name: string, value: unknown): string | null => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return null;
    return written.get(name)?.get(value) ?? (computed.has(name) ? value.toFixed(1) : null);
  };
  return experiments.map((values) =>
    Object.fromEntries(
      Object.entries(values).flatMap(([name, value]): [string, string | (string | null)[]][] => {
        if (!Array.isArray(value)) {
          const text = textOf(name, value);
          return text === null ? [] : [[name, text]];
        }
        const texts = value.map((item) => textOf(name, item));
        return texts.every((text) => text === null) ? [] : [[name, texts]];
      }),
    ),
  );
}

/** Parameters whose values are computed as floats. */
function computedFloats(
  suite: Suite,
  written: WrittenNumbers,
  experiments: readonly Values[],
): ReadonlySet<string> {
  const sweeps = [suite.sweep, ...(suite.phases ?? []).map(({ sweep }) => sweep)].flatMap((one) => one ?? []);
  const ranges = sweeps.flatMap(({ grid }) =>
    Object.entries(grid).flatMap(([name, axis]) =>
      !Array.isArray(axis) && isFloatRange(name, axis, { written, experiments }) ? [name] : [],
    ),
  );
  const draws = sweeps.flatMap(({ random }) =>
    Object.entries(random?.parameters ?? {}).flatMap(([name, draw]) =>
      draw.uniform !== undefined || draw.logUniform !== undefined ? [name] : [],
    ),
  );
  return new Set([...ranges, ...draws]);
}

function isFloatRange(
  name: string,
  { from, to, step }: Exclude<SweepAxis, readonly unknown[]>,
  { written, experiments }: { written: WrittenNumbers; experiments: readonly Values[] },
): boolean {
  const isFloat = (value: unknown): boolean =>
    typeof value === 'number' && (!Number.isInteger(value) || written.get(name)?.has(value) === true);
  return [from, to, step].some(isFloat) || experiments.some((values) => isFloat(values[name]));
}
