import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type CommandWorld,
  createCommandWorld,
  type Ended,
  lastDocument,
  type RunDocument,
  trainingPython,
} from '../../support/command-line.ts';

let world: CommandWorld;
let first: RunDocument;
const run = (): Promise<Ended> =>
  world.run('run', 'quick', '--python', trainingPython ?? '', '--indices', '0,1', '--workers', '2', '--json');

beforeAll(() => {
  world = createCommandWorld();
});
afterAll(() => world.remove());

describe.skipIf(trainingPython === undefined)('a damaged file', () => {
  beforeEach(async () => {
    world.newWorkspace();
    first = lastDocument<RunDocument>(await run());
  });

  function file(name: string): string {
    return join(first.runs[0]?.folder ?? '', name);
  }

  async function problems(): Promise<string> {
    const ended = await world.run('reindex', '--json');
    expect(ended.code).toBe(0);
    return lastDocument<{ problems: string[] }>(ended).problems.join('\n');
  }

  /** The experiment with the damaged file is trained again, the other is not. */
  async function expectOneRepeated(): Promise<void> {
    expect(lastDocument<RunDocument>(await run())).toMatchObject({ succeeded: 1, skipped: 1 });
  }

  it('result.json, half-written: that run is done again, and the file is named', async () => {
    truncateSync(file('result.json'), 100);
    expect(await problems()).toContain(
      `The result does not count: ${file('result.json')} is not valid JSON.`,
    );
    const status = await world.run('status', first.batch);
    expect(status.stdout).toContain('1 failed');
    await expectOneRepeated();
  });

  it('events.jsonl, torn in the middle: a result without all of its rows does not count', async () => {
    const text = readFileSync(file('events.jsonl'), 'utf8');
    writeFileSync(file('events.jsonl'), text.slice(0, text.lastIndexOf('"kind": "row"') - 10));
    expect(await problems()).toContain('it speaks of 3 rows, 2 were written');
    await expectOneRepeated();
  });

  it('events.jsonl with a line of 50 MB, invalid UTF-8 and a bare NaN: they are counted and left out', async () => {
    appendFileSync(
      file('events.jsonl'),
      Buffer.concat([
        Buffer.from('{"t": 1, "kind": "message", "level": "info", "text": "'),
        Buffer.alloc(50 * 2 ** 20, 'x'),
        Buffer.from('"}\n'),
        Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a]),
        Buffer.from('{"t": 1, "kind": "metric", "step": 1, "values": {"loss/train": NaN}}\n'),
      ]),
    );
    expect(await problems()).toContain('events.jsonl has 3 lines that are no events; they were left out.');
    expect(lastDocument<RunDocument>(await run())).toMatchObject({ succeeded: 0, skipped: 2 });
    const compared = await world.run('compare', '--json');
    expect(lastDocument<{ rows: unknown[] }>(compared).rows).toHaveLength(6);
  });

  it('status.json: a whole result still counts', async () => {
    writeFileSync(file('status.json'), '{"version": 1, "sta');
    expect(await problems()).toContain(`${file('status.json')} is not valid JSON.`);
    expect(lastDocument<RunDocument>(await run())).toMatchObject({ succeeded: 0, skipped: 2 });
  });

  it('batch.json: the others go on, and this one says what to do', async () => {
    const other = lastDocument<RunDocument>(await run());
    const path = join(world.workspace, 'batches', first.batch, 'batch.json');
    const whole = readFileSync(path);
    truncateSync(path, 200);
    const sentence = `${path} is not valid JSON. The other batches are not affected; move this folder away or put the file back.`;
    expect(await problems()).toBe(sentence);
    const resumed = await world.run('resume', first.batch);
    expect([resumed.code, resumed.stdout]).toEqual([1, '']);
    expect(resumed.stderr).toContain(sentence);
    expect((await world.run('status', other.batch)).code).toBe(0);

    writeFileSync(path, whole);
    expect(await problems()).toBe('');
    expect(lastDocument<RunDocument>(await run())).toMatchObject({ skipped: 2 });
  });

  it('the index: it is set aside and built anew, and nothing is trained again', async () => {
    writeFileSync(join(world.workspace, '.minibatch', 'index.sqlite'), 'not a database');
    expect(lastDocument<RunDocument>(await run())).toMatchObject({ succeeded: 0, skipped: 2 });
  });
});
