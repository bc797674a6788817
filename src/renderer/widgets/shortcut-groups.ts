import type { Command } from '../commands.ts';

export interface ShortcutEntry {
  readonly title: string;
  /** As `Command.shortcut`; null = only in the list of commands. */
  readonly shortcut: string | null;
  readonly enabled: boolean;
}

export interface ShortcutGroup {
  readonly title: string;
  readonly entries: readonly ShortcutEntry[];
}

/** Keys that belong to what has the focus, not to the window. */
const inTables: readonly (readonly [shortcut: string, title: string])[] = [
  ['/', 'Filter'],
  ['↑ ↓', 'Choose the row above or below'],
  ['Shift click', 'Mark from the chosen row to this one'],
  ['mod+click', 'Mark one row more, or one fewer'],
  ['Escape', 'Mark none'],
  ['Home', 'First row'],
  ['End', 'Last row'],
  ['Enter', 'Open the chosen row'],
];

const order: readonly Command['group'][] = ['Go to', 'Launch', 'Batch', 'Window'];

/** Single batches, presets and suites are found by name; they would bury what can be learned. */
const OF_ONE_THING = /^(go\.batch\.|launch\.(?!start$|open-suite$))/;

/** What the sheet of shortcuts lists: those with a key lead each group. */
export function shortcutGroups(commands: readonly Command[]): readonly ShortcutGroup[] {
  const shown = commands.filter(({ id }) => !OF_ONE_THING.test(id));
  const groups = order.map(
    (title): ShortcutGroup => ({
      title,
      entries: shown
        .filter((command) => command.group === title)
        .map((command) => ({ ...command, shortcut: command.shortcut ?? null }))
        .toSorted((a, b) => Number(a.shortcut === null) - Number(b.shortcut === null))
        .map(({ title: words, shortcut, enabled }) => ({ title: words, shortcut, enabled })),
    }),
  );
  const tables = inTables.map(([shortcut, title]) => ({ title, shortcut, enabled: true }));
  return [...groups, { title: 'In tables', entries: tables }].filter(({ entries }) => entries.length > 0);
}
