import { describe, expect, it } from 'vitest';
import {
  arrangedColumns,
  movedColumns,
  PLAIN_LAYOUT,
  type PlacedColumn,
  readTableLayout,
} from '../../../src/renderer/state/table-layout.ts';

const columns: readonly PlacedColumn[] = [
  { id: 'a', pinned: true },
  { id: 'b', pinned: false },
  { id: 'c', pinned: false },
];

function ids(placed: readonly PlacedColumn[] | null): string {
  return (placed ?? []).map(({ id, pinned }) => (pinned ? id.toUpperCase() : id)).join('');
}

describe('the columns of a table', () => {
  it.each([
    [{ kind: 'show', id: 'd' }, 'Abcd'],
    [{ kind: 'show', id: 'b' }, 'Abc'],
    [{ kind: 'hide', id: 'b' }, 'Ac'],
    [{ kind: 'pin', id: 'c' }, 'ACb'],
    [{ kind: 'pin', id: 'a' }, 'abc'],
    [{ kind: 'right', id: 'b' }, 'Acb'],
    [{ kind: 'left', id: 'b' }, 'Abc'],
    [{ kind: 'right', id: 'a' }, 'Abc'],
    [{ kind: 'right', id: 'c' }, 'Abc'],
    [{ kind: 'left', id: 'nobody' }, 'Abc'],
  ] as const)('after %j are %s', (move, expected) => {
    expect(ids(movedColumns(columns, move))).toBe(expected);
  });

  it('are never none', () => {
    expect(ids(movedColumns([{ id: 'a', pinned: false }], { kind: 'hide', id: 'a' }))).toBe('a');
    expect(movedColumns(columns, { kind: 'reset' })).toBeNull();
  });

  it('come back as they were kept, whatever else lies there', () => {
    expect(readTableLayout({ columns, group: 'field/lr' })).toEqual({ columns, group: 'field/lr' });
    const kept = {
      columns: [{ id: 'b' }, { id: 'b' }, 7, null, { id: 3 }, { id: 'a', pinned: true }],
      group: 9,
    };
    expect(ids(readTableLayout(kept).columns)).toBe('Ab');
    for (const rubbish of [null, 'x', 4, [], { columns: [] }, { columns: [{}] }, { columns: 'all' }])
      expect(readTableLayout(rubbish)).toEqual(PLAIN_LAYOUT);
    expect(readTableLayout({ columns: Array.from({ length: 999 }, (_, id) => ({ id: `${id}` })) })).toEqual(
      PLAIN_LAYOUT,
    );
  });

  it('that are not there any more are left out', () => {
    expect(ids(arrangedColumns([{ id: 'c' }, { id: 'a' }], columns))).toBe('Ac');
  });
});
