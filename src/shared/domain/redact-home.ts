/** The value with the user's home written as `~` in every text of it. Pure. */
export function redactHome<T>(value: T, homes: readonly string[]): T {
  const known = homes.filter((home) => home.length > 1).toSorted((a, b) => b.length - a.length);
  return redact(value, known) as T;
}

function redact(value: unknown, homes: readonly string[]): unknown {
  if (typeof value === 'string') return homes.reduce(withTilde, value);
  if (Array.isArray(value)) return value.map((one) => redact(one, homes));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, redact(one, homes)]));
}

/** `/home/ann` in `/home/anna` and in `/mnt/home/ann` is another folder. */
function withTilde(text: string, home: string): string {
  const escaped = home.replace(/\/+$/, '').replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\w./-])${escaped}(?![\\w.-])`, 'g'), '~');
}
