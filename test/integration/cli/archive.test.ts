import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  BackupRecord,
  ImportReport,
  QueueStanding,
  RestoreReport,
  Verification,
} from '../../../src/shared/model/archive.ts';
import { writeBehaviourWorkload } from '../../support/behaviour-workload.ts';
import { type CommandWorld, createCommandWorld, lastDocument } from '../../support/command-line.ts';

/** Two phases on two queues; the last experiment is put off by the workload itself. */
const MANIFEST = `name: parts
title: Parts
version: 1
summary: Experiments in phases and queues.
backup: phase
options:
  - {name: failing, type: integer, default: -1, min: -1, max: 9, help: Index that fails.}
presets:
  - {name: both, title: Both, summary: Two phases.}
`;
const DESCRIBE = `import json, sys
options = json.load(sys.stdin)["options"]
def one(index, phase, queue, **more):
    behaviour = "fail" if index == options["failing"] else "succeed"
    return {"index": index, "name": "part %d" % index, "parameters": {"number": index, "steps": 2, "behaviour": behaviour},
            "facts": {"weight": index}, "estimate": {"memoryMb": 20, "seconds": 1}, "phase": phase, "queue": queue, **more}
print(json.dumps({"experiments": [
    one(0, "first", "left", device="cuda:7"), one(1, "first", "right"), one(2, "second", "left", device="cuda:7"),
    one(3, "second", "right", postponed="Put off by the workload."),
]}))
`;

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  const folder = join(world.root, 'resources', 'workloads', 'parts');
  mkdirSync(folder);
  writeBehaviourWorkload(folder);
  writeFileSync(join(folder, 'manifest.yaml'), MANIFEST);
  writeFileSync(join(folder, 'describe.py'), DESCRIBE);
});
afterAll(() => world.remove());
beforeEach(() => void world.newWorkspace());

async function json<T>(...argv: string[]): Promise<T> {
  const ended = await world.run(...argv, '--json');
  expect(ended.code, ended.stderr).toBe(0);
  return lastDocument<T>(ended);
}

async function ranBatch(...flags: string[]): Promise<string> {
  return lastDocument<{ batch: string }>(await world.run('run', 'parts/both', ...flags, '--json')).batch;
}

async function backups(): Promise<BackupRecord[]> {
  return (await json<{ backups: BackupRecord[] }>('backup', 'list')).backups;
}

function results(batch: string): string[] {
  const runs = join(world.workspace, 'batches', batch, 'runs');
  return readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('result.json'),
  );
}

describe('queues, postponing and verifying', () => {
  it('runs phases in order, tells how each queue stands, and lets go of what was put off', async () => {
    const batch = await ranBatch();
    const { queues } = await json<{ queues: QueueStanding[] }>('status', batch);
    expect(queues).toMatchObject([
      { queue: 'left', total: 2, done: 2, postponed: 0, unsuccessful: 0 },
      { queue: 'right', total: 2, done: 1, postponed: 1, unsuccessful: 0 },
    ]);
    expect((await world.run('status', batch)).stdout).toMatch(/right +– +1\/2 +0 +0 +1 +0/);
    const before = await json<Verification>('verify', batch);
    expect(before).toMatchObject({ planned: 4, postponed: 1, expected: 3, found: 3, complete: true });
    expect(before.parts.map(({ phase, queue, expected }) => [phase, queue, expected])).toEqual([
      ['first', 'left', 1],
      ['first', 'right', 1],
      ['second', 'left', 1],
      ['second', 'right', 0],
    ]);
    const released = await json<{ succeeded: number; postponed: number }>('release', batch, '3');
    expect(released).toMatchObject({ succeeded: 4, postponed: 0 });
    expect(await json<Verification>('verify', batch)).toMatchObject({ expected: 4, found: 4 });
    const again = await world.run('release', batch);
    expect(again).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no postponed experiments'),
    });
  });

  it('finds what a failed, removed or changed result leaves open', async () => {
    const batch = await ranBatch('--failing', '2');
    const [, second] = results(batch).toSorted();
    writeFileSync(join(world.workspace, 'batches', batch, 'runs', second ?? ''), '{"version": 1}');
    const ended = await world.run('verify', batch, '--json');
    expect(ended.code).toBe(1);
    const found = lastDocument<Verification>(ended);
    expect(found).toMatchObject({ expected: 3, found: 1, complete: false });
    const missing = found.parts.flatMap((part) => part.missing);
    expect(missing.map(({ index, state }) => [index, state])).toEqual([
      [1, 'succeeded'],
      [2, 'failed'],
    ]);
    expect(missing[0]?.sentence).toContain('does not count');
  });

  it('puts queued experiments of a running batch off', async () => {
    const running = world.start('run', 'long', '--workers', '1', '--json');
    await running.printed(/Batch (\S+)/);
    const postponed = await world.run('postpone', '1', '--reason', 'Not now.');
    expect([postponed.code, postponed.stdout]).toEqual([0, expect.stringContaining('put off')]);
    await world.run('stop', '--cancel');
    await running.ended;
    const { experiments } = await json<{ experiments: { index: number; state: string; sentence: string }[] }>(
      'status',
      'latest',
    );
    expect(experiments.find(({ index }) => index === 1)).toMatchObject({
      state: 'postponed',
      sentence: 'Not now.',
    });
    expect(await world.run('postpone')).toMatchObject({ code: 2 });
  });
});

describe('backups', () => {
  it('are made after each phase of a workload that asks for it, and by nobody else', async () => {
    await ranBatch();
    const whys = (await backups()).map(({ file }) => file?.why ?? '');
    expect(whys.flatMap((why) => why.replace(' done', '').split(' and ')).toSorted()).toEqual([
      'first, left',
      'first, right',
      'second, left',
    ]);
    await world.run('run', 'quick');
    expect(await backups()).toHaveLength(whys.length);
  });

  it('put back what is gone, and leave alone what is there', async () => {
    const batch = await ranBatch();
    const { name } = await json<BackupRecord>('backup', 'create', batch);
    const [first, second] = results(batch).toSorted();
    const runs = join(world.workspace, 'batches', batch, 'runs');
    rmSync(join(runs, first ?? '', '..', '..'), { recursive: true });
    rmSync(join(runs, second ?? ''));
    const other = results(batch)[0] ?? '';
    const kept = readFileSync(join(runs, other), 'utf8').replace('"seconds": ', '"seconds": 9');
    writeFileSync(join(runs, other), kept);
    expect(await json<RestoreReport>('backup', 'restore', name)).toEqual({ batch, restored: 2, kept: 1 });
    expect(readFileSync(join(runs, other), 'utf8')).toBe(kept);
    expect(await json<Verification>('verify', batch)).toMatchObject({ found: 3, complete: true });
    // The attempt without a result was moved away, not deleted.
    expect(readdirSync(join(world.workspace, 'trash'))).toHaveLength(1);
    expect(await json<RestoreReport>('backup', 'restore', name)).toMatchObject({ restored: 0, kept: 3 });
  });

  it('clean a batch away only after a backup, from which it comes back', async () => {
    const batch = await ranBatch();
    const { name, file } = await json<BackupRecord>('backup', 'clean', batch);
    expect(file).toMatchObject({ results: 3, why: 'before cleaning' });
    expect(existsSync(join(world.workspace, 'batches', batch))).toBe(false);
    expect(await world.run('verify', batch)).toMatchObject({ code: 2 });
    await json('backup', 'restore', name);
    expect(await json<Verification>('verify', batch)).toMatchObject({ expected: 3, found: 3 });
    const again = await json<{ skipped: number }>('run', 'parts/both');
    expect(again.skipped).toBe(3);
  });

  it('that are cut off or changed are refused with a sentence, and nothing is lost', async () => {
    const batch = await ranBatch();
    const { name, file } = await json<BackupRecord>('backup', 'create', batch);
    const archive = join(world.workspace, 'backups', `${name}.tar.gz`);
    const whole = readFileSync(archive);
    rmSync(join(world.workspace, 'batches', batch, 'runs'), { recursive: true });

    truncateSync(archive, 100);
    const cut = await world.run('backup', 'restore', name);
    expect([cut.code, cut.stderr]).toEqual([1, expect.stringContaining(`100 of ${file?.bytes} bytes`)]);
    expect((await world.run('backup', 'list')).stderr).toContain('not whole');

    const changed = Buffer.from(whole);
    changed[200] = (changed[200] ?? 0) ^ 255;
    writeFileSync(archive, changed);
    expect((await world.run('backup', 'restore', name)).stderr).toContain('its checksum differs');

    rmSync(join(world.workspace, 'backups', `${name}.json`));
    writeFileSync(archive, whole.subarray(0, 300));
    expect((await world.run('backup', 'restore', name)).stderr).toContain('cut off while it was written');
    expect(existsSync(join(world.workspace, 'batches', batch, 'runs'))).toBe(false);
    expect(
      readdirSync(join(world.workspace, '.minibatch')).filter((one) => one.startsWith('archive')),
    ).toEqual([]);

    // The copies made after each phase are still good.
    const good = (await backups()).find(({ problem, file: own }) => problem === null && own?.results === 3);
    expect(await json<RestoreReport>('backup', 'restore', good?.name ?? '')).toMatchObject({ restored: 3 });
  });

  it.each([
    [['backup', 'lsit'], 2, 'Did you mean "list"'],
    [['backup', 'restore'], 2, 'Name a backup'],
    [['backup', 'clean'], 2, 'Name a batch'],
    [['backup', 'restore', 'nothing'], 1, 'There is no backup "nothing"'],
    [['backup', 'list', 'x', 'y'], 2, 'is too much'],
  ])('%j is refused', async (argv, code, sentence) => {
    expect(await world.run(...argv)).toMatchObject({ code, stderr: expect.stringContaining(sentence) });
  });
});

describe('import', () => {
  it('takes over the valid results of another workspace, so that they are skipped, and no others', async () => {
    const batch = await ranBatch('--failing', '1');
    const other = world.workspace;
    const damaged = results(batch).find((path) => path.startsWith('2-')) ?? '';
    const text = readFileSync(join(other, 'batches', batch, 'runs', damaged), 'utf8');
    writeFileSync(
      join(other, 'batches', batch, 'runs', damaged),
      text.replace(/"identity": "./, '"identity": "x'),
    );
    world.newWorkspace();
    const report = await json<ImportReport>('import', other);
    expect(report).toMatchObject({ imported: 1, known: 0 });
    expect(report.refused).toEqual([expect.stringMatching(/2-part-2.*belongs to another experiment/)]);
    expect(await backups()).toEqual([]);

    const run = await json<{ skipped: number; succeeded: number }>('run', 'parts/both');
    expect(run).toMatchObject({ skipped: 1, succeeded: 2 });
    const [imported] = report.batches;
    expect(await json<Verification>('verify', imported ?? '')).toMatchObject({ expected: 1, found: 1 });
    expect(await json<ImportReport>('import', other)).toMatchObject({ imported: 0, known: 1, batches: [] });
    await json('reindex');
    expect(await json<Verification>('verify', imported ?? '')).toMatchObject({ found: 1 });
  });

  it('takes a single run folder, and gives two experiments of one index different numbers', async () => {
    const batch = await ranBatch();
    const runs = join(world.workspace, 'batches', batch, 'runs');
    const loose = join(world.root, 'loose');
    cpSync(join(runs, '0-part-0', 'attempt-1'), join(loose, 'a'), { recursive: true });
    cpSync(join(runs, '1-part-1', 'attempt-1'), join(loose, 'b'), { recursive: true });
    const file = join(loose, 'b', 'run.json');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('"index":1', '"index":0').replace('"index": 1', '"index": 0'),
    );
    world.newWorkspace();
    const report = await json<ImportReport>('import', loose);
    expect(report).toMatchObject({ imported: 2, refused: [] });
    const { experiments } = await json<{ experiments: { index: number; name: string; state: string }[] }>(
      'status',
      report.batches[0] ?? '',
    );
    expect(experiments.map(({ index, state }) => [index, state])).toEqual([
      [0, 'succeeded'],
      [1, 'succeeded'],
    ]);
    expect(experiments.map(({ name }) => name).toSorted()).toEqual(['part 0', 'part 1']);
  });

  it('refuses parameters that were changed afterwards, and a folder without results', async () => {
    const batch = await ranBatch();
    const forged = join(world.root, 'forged');
    cpSync(join(world.workspace, 'batches', batch), forged, { recursive: true });
    for (const name of ['0-part-0', '1-part-1', '2-part-2']) {
      const file = join(forged, 'runs', name, 'attempt-1', 'run.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/"number": ?\d/, '"number": 9'));
    }
    world.newWorkspace();
    const ended = await world.run('import', forged, '--json');
    expect(ended.code).toBe(1);
    expect(lastDocument<ImportReport>(ended).refused).toHaveLength(3);
    expect(ended.stderr).toContain('run.json was changed');
    mkdirSync(join(world.root, 'empty'));
    expect((await world.run('import', join(world.root, 'empty'))).stderr).toContain(
      'There is no result below',
    );
    expect((await world.run('import', join(world.root, 'nowhere'))).stderr).toContain('There is no folder');
  });
});
