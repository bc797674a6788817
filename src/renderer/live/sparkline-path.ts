/** The `d` of a curve through all finite values, scaled to a box. Non-finite values break the line. */
export function sparklinePath(values: readonly number[], width: number, height: number): string {
  const finite = values.filter((value) => Number.isFinite(value));
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  if (finite.length === 0) return '';
  const inset = 1.5;
  const span = high - low;
  const y = (value: number): number =>
    span === 0 ? height / 2 : height - inset - ((value - low) / span) * (height - 2 * inset);
  const x = (at: number): number => (values.length < 2 ? width : (at / (values.length - 1)) * width);
  let open = false;
  let path = '';
  for (const [at, value] of values.entries()) {
    if (!Number.isFinite(value)) {
      open = false;
      continue;
    }
    path += `${open ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    open = true;
  }
  return path;
}
