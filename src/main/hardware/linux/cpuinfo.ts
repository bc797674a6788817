/** Chip name from `/proc/cpuinfo`; ARM machines often give none there. */
export function parseCpuinfo(text: string): string | null {
  const value = (key: string): string | null =>
    new RegExp(`^${key}\\s*:\\s*(\\S.*?)\\s*$`, 'm').exec(text)?.[1] ?? null;
  return value('model name') ?? value('Model') ?? value('Hardware');
}

/** Name of the distribution from `/etc/os-release`. */
export function parseOsRelease(text: string): string | null {
  return /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(text)?.[1] ?? null;
}
