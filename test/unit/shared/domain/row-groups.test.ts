import { expect, it } from 'vitest';
import { groupRows, valueKey } from '../../../../src/shared/domain/row-groups.ts';
import { tableLines } from '../../../../src/renderer/widgets/table-lines.ts';

it('orders groups by their values, not by how these are written, and keeps the order within', () => {
  const rows = [0.1, 1e-5, 'adam', 0.001, 10, null, 9, 0.1].map((value, at) => ({ value, at }));
  const groups = groupRows(rows, ({ value }) => valueKey(value));
  expect(groups.map(({ title }) => title)).toEqual(['0.00001', '0.001', '0.1', '9', '10', 'adam', 'none']);
  expect(groups[2]?.rows.map(({ at }) => at)).toEqual([0, 7]);
});

it('shows the head of a folded group and none of its rows', () => {
  const lines = tableLines([3, 1, 2, 4], {
    rowKey: String,
    groupOf: (row) => valueKey(row % 2 === 0 ? 'even' : 'odd'),
    folded: new Set(['"odd"']),
  });
  expect(lines.map(({ key }) => key)).toEqual(['group "even"', '2', '4', 'group "odd"']);
});
