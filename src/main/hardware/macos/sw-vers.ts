import { wholeLines } from '../whole-lines.ts';

/** `macOS 26.3 (25D125)` from `sw_vers`; null without a version. */
export function parseSwVers(text: string): string | null {
  const value = (key: string): string | null =>
    new RegExp(`^${key}:\\s*(\\S.*?)\\s*$`, 'm').exec(wholeLines(text))?.[1] ?? null;
  const version = value('ProductVersion');
  if (version === null) return null;
  const build = value('BuildVersion');
  return `${value('ProductName') ?? 'macOS'} ${version}${build === null ? '' : ` (${build})`}`;
}
