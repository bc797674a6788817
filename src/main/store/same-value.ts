/** Whether two values would be the same JSON, the order of keys aside. Values that share their parts are compared fast. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  return sameBut(a, b, null);
}

/** The same, but for one key. An absent key is the same as an undefined value, as in JSON. */
export function sameBut(a: object, b: object, besides: string | null): boolean {
  const other = b as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(a))
    if (key !== besides && !sameValue(value, other[key])) return false;
  const own = a as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(b))
    if (key !== besides && own[key] === undefined && other[key] !== undefined) return false;
  return true;
}
