import { wholeLines } from '../whole-lines.ts';

/** Settings by name from `pmset -g custom`, of the section for mains power (or the first there is). */
export function parsePmset(text: string): Map<string, number> {
  const settings = new Map<string, number>();
  const sections = wholeLines(text)
    .split(/^(?=\S.* Power:\s*$)/m)
    .filter((section) => / Power:\s*$/m.test(section));
  const section = sections.find((one) => one.startsWith('AC Power:')) ?? sections[0] ?? '';
  for (const line of section.split('\n')) {
    const match = /^\s(\S.*?)\s+(\d+)\s*$/.exec(line);
    if (match?.[1] && match[2]) settings.set(match[1], Number(match[2]));
  }
  return settings;
}

/** What a batch over night should know of these settings; only shown, changing them needs an administrator. */
export function powerNotes(settings: ReadonlyMap<string, number>): string[] {
  if (settings.get('autorestart') !== 0) return [];
  return [
    'This Mac does not start by itself after a power failure: System Settings › Energy can switch that on.',
  ];
}
