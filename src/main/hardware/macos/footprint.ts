const units: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1024,
  MB: 1024 ** 2,
  GB: 1024 ** 3,
  TB: 1024 ** 4,
};

/** Physical footprint in bytes by pid from `footprint -p PID …`; processes it could not look at are absent. */
export function parseFootprint(text: string): Map<number, number> {
  const found = new Map<number, number>();
  for (const match of text.matchAll(/\[(\d+)\]: .*?Footprint: ([\d.]+) ([KMGT]?B)\b/g)) {
    const unit = units[match[3] ?? ''];
    if (unit !== undefined) found.set(Number(match[1]), Math.round(Number(match[2]) * unit));
  }
  return found;
}
