import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { App } from '../../../src/main/app.ts';
import { connectInProcess } from '../../../src/main/doors/in-process.ts';
import type { Client } from '../../../src/shared/client.ts';
import type { SetupJob, SetupReport } from '../../../src/shared/model/setup.ts';
import { type CommandWorld, createCommandWorld, trainingPython } from '../../support/command-line.ts';

const python = trainingPython ?? '';

/** Real interpreters, the real probe, the real terminal; answers are checked against the contract on the way. */
describe.skipIf(trainingPython === undefined)('the setup of this machine', () => {
  let world: CommandWorld;
  let app: App;
  let client: Client;
  const jobs: SetupJob[] = [];

  beforeAll(async () => {
    world = createCommandWorld();
    // No installer gets anything here, and none is waited for.
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_CONFIG_FILE', '/dev/null');
    app = await world.openCore();
    client = connectInProcess(app.connect);
    client.subscribe('setup', ({ job }) => jobs.push(job));
  });
  afterAll(async () => {
    client.close();
    await app.close();
    vi.unstubAllEnvs();
    world.remove();
  });

  const report = (): Promise<SetupReport> => client.call('setup.report', {});
  const line = (found: SetupReport, id: string) =>
    found.groups.flatMap(({ checks }) => checks).find((one) => one.id === id);

  it('is reported with every line, and without the home of the person', async () => {
    const found = await report();
    for (const id of ['python', 'managed', 'cpu', 'mps', 'workspace', 'space', 'index', 'terminal', 'files'])
      expect([id, line(found, id)?.sentence.length]).toEqual([id, expect.any(Number)]);
    expect(line(found, 'terminal')?.state).toBe('ready');
    expect(line(found, 'workspace')).toMatchObject({ state: 'ready' });
    expect(JSON.stringify(found)).not.toContain(`${homedir()}/`);
    expect(jobs[0]).toEqual({ kind: 'idle' });
  });

  it('uses a Python that a person names by its path, measures it, and remembers it', async () => {
    const { python: id } = await client.call('setup.open', { path: python });
    const found = await report();
    expect(found).toMatchObject({ canTrain: true, choice: 'chosen' });
    expect(found.pythons.find((one) => one.used)?.id).toBe(id);
    expect(line(found, 'cpu')?.sentence).toMatch(/Measured: .*GFLOP/);
    // The command line and a later start train with it as well.
    const doctor = await world.run('doctor', '--json');
    expect(doctor.stdout).toContain('is used: it was chosen in Setup');
    await client.call('setup.choose', { python: null });
    expect((await report()).choice).toBe('automatic');
    await client.call('setup.choose', { python: id }).catch((error: Error) => {
      // Behind the choice it is found only where this machine finds it by itself.
      expect(error.message).toContain('not there any more');
    });
  });

  it('refuses what is no Python, or cannot train, and an id that nobody gave out', async () => {
    const venv = join(world.root, 'bare');
    execFileSync(python, ['-m', 'venv', '--without-pip', venv]);
    await expect(client.call('setup.open', { path: venv })).rejects.toThrow('cannot import torch');
    await expect(client.call('setup.open', { path: process.execPath })).rejects.toThrow(
      'does not answer like a Python',
    );
    await expect(client.call('setup.open', { path: '/nowhere' })).rejects.toThrow('does not exist');
    await expect(client.call('setup.choose', { python: '/usr/bin/python3' })).rejects.toThrow('check again');
  });

  it('says so when the Python that was chosen is gone, and starts nothing with another', async () => {
    writeFileSync(
      join(world.root, 'data', 'python', 'choice.json'),
      JSON.stringify({ version: 1, python: join(world.root, 'gone', 'bin', 'python') }),
    );
    const found = await report();
    expect([found.canTrain, line(found, 'python')]).toMatchObject([
      false,
      { state: 'missing', fix: { kind: 'automatic' }, sentence: expect.stringContaining('does not exist') },
    ]);
    await client.call('setup.choose', { python: null });
    expect(line(await report(), 'python')?.sentence).not.toContain('does not exist');
  });

  it('prepares with a log, and keeps everything as it was when that fails or is cancelled', async () => {
    const before = JSON.stringify((await report()).pythons);
    await client.call('setup.prepare', {});
    await expect(client.call('setup.prepare', {})).rejects.toThrow('being prepared already');
    await vi.waitFor(() => expect(jobs.at(-1)?.kind).toBe('failed'), { timeout: 60_000 });
    const failed = jobs.at(-1) as Extract<SetupJob, { kind: 'failed' }>;
    expect(failed.sentence).toContain('What was there before is unchanged.');
    expect(jobs.some((job) => job.kind === 'running' && job.fraction > 0)).toBe(true);

    await client.call('setup.prepare', {});
    await client.call('setup.cancel', {});
    await vi.waitFor(() => expect(jobs.at(-1)?.kind).toBe('cancelled'), { timeout: 60_000 });
    const data = join(world.root, 'data', 'python');
    expect(readdirSync(data).filter((name) => name.startsWith('env-'))).toEqual([]);
    expect(existsSync(join(data, 'current.json'))).toBe(false);
    expect(JSON.stringify((await report()).pythons)).toBe(before);
  });

  it('installs nothing while runs are live', async () => {
    const { batch } = await client.call('batches.start', {
      workload: 'steps',
      preset: 'long',
      python,
      options: { indices: [0] },
    });
    await vi.waitFor(
      async () => expect((await client.call('batches.get', { batch })).detail.batch.counts.live).toBe(1),
      { timeout: 20_000 },
    );
    await expect(client.call('setup.prepare', {})).rejects.toThrow(
      '1 run is live. Nothing is installed while runs train',
    );
    expect((await report()).preparing.blocked).toContain('1 run is live');
    await client.call('batches.stop', { batch, mode: 'cancel' });
    await app.idle();
    expect(readFileSync(join(world.workspace, 'batches', batch, 'journal.jsonl'), 'utf8')).toContain(
      '"stop"',
    );
  });
});
