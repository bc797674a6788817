import { afterAll, beforeAll, expect, it } from 'vitest';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';

interface Status {
  readonly experiments: readonly { readonly state: string }[];
}

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => world.remove());

it('a live batch takes another worker count and another order', async () => {
  expect(await world.run('workers', '2')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No batch is being worked on.'),
  });
  const running = world.start('run', 'long', '--indices', '0', '1', '2', '3', '--workers', '1', '--json');
  await running.printed(/Batch (\S+)/);
  await expect
    .poll(
      async () => lastDocument<Status>(await world.run('status', 'latest', '--json')).experiments[0]?.state,
      {
        timeout: 20_000,
      },
    )
    .toBe('running');

  const moved = await world.run('move', '3', '2', '--before', '1', '--json');
  expect(lastDocument(moved)).toMatchObject({ order: [3, 2, 1], state: 'running' });
  const last = await world.run('move', 'latest', '3', '--last');
  expect([last.code, last.stdout]).toEqual([0, expect.stringMatching(/goes on with 2, 1, 3\n$/)]);
  for (const wrong of [
    ['3'],
    ['--last'],
    ['3', '--last', '--before', '1'],
    ['3', '--before', '3'],
    ['x', '--last'],
  ])
    expect((await world.run('move', ...wrong)).code, wrong.join(' ')).toBe(2);
  const unmoved = await world.run('move', '0', '--last');
  expect([unmoved.code, unmoved.stderr]).toEqual([1, expect.stringContaining('cannot be moved: it is')]);

  const more = await world.run('workers', '2', '--json');
  expect(lastDocument(more)).toMatchObject({ workers: 2, state: 'running' });
  const fewer = await world.run('workers', 'latest', '1');
  expect([fewer.code, fewer.stdout]).toEqual([
    0,
    expect.stringContaining('1 worker instead of 2; those above it finish what they do'),
  ]);
  for (const wrong of [[], ['0'], ['65'], ['two'], ['latest', '2', '3']])
    expect((await world.run('workers', ...wrong)).code, wrong.join(' ')).toBe(2);
  await world.run('stop', '--cancel');
  await running.ended;
});
