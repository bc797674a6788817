import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/renderer/commands.ts';
import { shortcutGroups } from '../../../src/renderer/widgets/shortcut-groups.ts';

function command(id: string, group: Command['group'], shortcut?: string): Command {
  return { id, title: id, group, enabled: true, run: () => {}, ...(shortcut ? { shortcut } : {}) };
}

describe('the sheet of shortcuts', () => {
  it('lists keys first and leaves out what is found by name', () => {
    const groups = shortcutGroups([
      command('go.launch', 'Go to', 'mod+1'),
      command('go.batch.a', 'Go to'),
      command('launch.start', 'Launch', 'mod+enter'),
      command('launch.steps.slow', 'Launch'),
      command('window.theme.dark', 'Window'),
      command('window.shortcuts', 'Window', '?'),
    ]);
    expect(groups.map(({ title, entries }) => [title, entries.map((entry) => entry.title)])).toEqual([
      ['Go to', ['go.launch']],
      ['Launch', ['launch.start']],
      ['Window', ['window.shortcuts', 'window.theme.dark']],
      ['In tables', expect.arrayContaining(['Filter'])],
    ]);
  });
});
