import type { Command } from '../commands.ts';

/** Commands shown at once. */
const SHOWN = 40;

/** Enabled commands whose title has every word of the query, best first: those that begin with it lead. */
export function matchCommands(commands: readonly Command[], query: string): readonly Command[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const usable = commands.filter((command) => command.enabled && command.id !== 'window.palette');
  if (words.length === 0) return usable.slice(0, SHOWN);
  const ranked = usable.flatMap((command) => {
    const title = command.title.toLowerCase();
    if (!words.every((word) => title.includes(word))) return [];
    return [{ command, rank: title.startsWith(words[0] ?? '') ? 0 : 1 }];
  });
  return ranked
    .toSorted((a, b) => a.rank - b.rank)
    .map((entry) => entry.command)
    .slice(0, SHOWN);
}
