import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../src/shared/model/archive.ts';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
} from '../../support/command-line.ts';

/**
 * Stands for ssh: runs the remote command here, in the folder that is the home over there. What the host is called decides
 * what goes wrong.
 */
const SSH = `#!/bin/bash
echo "$*" >> "$FAKE_HOME/../ssh.log"
while [ "\${1#-}" != "$1" ]; do case "$1" in -o|-l) shift;; esac; shift; done
host="$1"; shift
cd "$FAKE_HOME" || exit 255
case "$host" in
  stranger) echo "Host key verification failed." >&2; exit 255;;
  locked) echo "me@locked: Permission denied (publickey)." >&2; exit 255;;
  bare) echo "bash: line 1: rsync: command not found" >&2; exit 127;;
  torn)
    bash -c "exec $*" <&0 > >(dd bs=1 count=30000 status=none; kill -9 "$(cat "$FAKE_HOME/../torn.pid")") &
    echo $! > "$FAKE_HOME/../torn.pid"; wait $!; exit 255;;
  *) exec bash -c "$*";;
esac
`;
const rsync = spawnSync('rsync', ['--version']).status === 0;

let world: CommandWorld;
let home: string;
let elsewhere: string;
const before = { path: process.env.PATH, home: process.env.FAKE_HOME };

beforeAll(async () => {
  world = createCommandWorld();
  elsewhere = world.workspace;
  const ended = await world.run('run', 'steps/quick', '--json');
  expect(lastDocument<RunDocument>(ended).succeeded).toBe(3);
  const bin = join(world.root, 'bin');
  home = join(world.root, 'home over there');
  for (const folder of [bin, home]) mkdirSync(folder);
  writeFileSync(join(bin, 'ssh'), SSH);
  chmodSync(join(bin, 'ssh'), 0o755);
  symlinkSync(elsewhere, join(home, 'Minibatch'));
  // More than what a torn connection lets through, and a link that leads out.
  const [run = ''] = lastDocument<RunDocument>(ended).runs.map(({ folder }) => folder);
  writeFileSync(join(run, 'weights.bin'), randomBytes(400_000));
  symlinkSync('/etc/hostname', join(run, 'link'));
  process.env.PATH = `${bin}:${before.path ?? ''}`;
  process.env.FAKE_HOME = home;
});
afterAll(() => {
  process.env.PATH = before.path;
  if (before.home === undefined) delete process.env.FAKE_HOME;
  world.remove();
});
beforeEach(() => void world.newWorkspace());

function fetched(): string[] {
  const folder = join(world.workspace, '.minibatch', 'fetched');
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}

async function refused(place: string): Promise<string> {
  const ended = await world.run('import', place);
  expect(ended.code).not.toBe(0);
  return ended.stderr;
}

describe.skipIf(!rsync)('results of another machine (skipped without rsync)', () => {
  it('are fetched, checked and taken over, and the next time only what is new comes', async () => {
    const first = await world.run('import', 'me@studio:Minibatch', '--json');
    expect(first.code, first.stderr).toBe(0);
    expect(lastDocument<ImportReport>(first)).toMatchObject({ imported: 3, known: 0, refused: [] });
    expect(first.stderr).toMatch(
      /Fetching from me@studio:Minibatch\n\d+ files, 3 results among them, fetched\./,
    );
    const files = fetched();
    expect(files.filter((path) => path.endsWith('weights.bin'))).toHaveLength(1);
    expect(files.filter((path) => /(?:\/link|index\.sqlite|\/checkpoint)$/.test(path))).toEqual([]);
    const again = await world.run('import', 'me@studio:~/Minibatch', '--json');
    expect(again.stderr).toContain('Nothing new there.');
    expect(lastDocument<ImportReport>(again)).toMatchObject({ imported: 0, known: 3 });
    const run = await world.run('run', 'steps/quick', '--json');
    expect(lastDocument<RunDocument>(run)).toMatchObject({ skipped: 3, succeeded: 0 });
    const asked = readFileSync(join(world.root, 'ssh.log'), 'utf8').trim().split('\n');
    expect(asked.every((line) => line.includes('-o BatchMode=yes'))).toBe(true);
  });

  it('are only told of in a dry run', async () => {
    const asked = await world.run('import', 'studio:Minibatch', '--dry-run', '--json');
    expect(asked.code, asked.stderr).toBe(0);
    expect(lastDocument<{ results: number }>(asked).results).toBe(3);
    expect(asked.stderr).toContain('3 results among them, would be fetched and checked.');
    expect(fetched().filter((path) => path.endsWith('.json'))).toEqual([]);
    const local = await world.run('import', elsewhere, '--dry-run');
    expect(local.stdout).toContain('3 results would be imported; 0 known already, 0 refused.');
    expect((await world.run('list')).stdout).not.toContain('imported');
  });

  it('go on after the connection was cut, and nothing half is taken over', async () => {
    expect(await refused('torn:Minibatch')).toMatch(/The connection to torn was cut.*goes on from there/);
    expect((await world.run('list')).stdout).not.toContain('imported');
    process.env.PATH = process.env.PATH?.replace('/bin:', '/mended:');
    const mended = join(world.root, 'mended');
    mkdirSync(mended);
    writeFileSync(join(mended, 'ssh'), SSH.replace('torn)', 'never)'));
    chmodSync(join(mended, 'ssh'), 0o755);
    const whole = await world.run('import', 'torn:Minibatch', '--json');
    process.env.PATH = process.env.PATH?.replace('/mended:', '/bin:');
    expect(whole.code, whole.stderr).toBe(0);
    expect(lastDocument<ImportReport>(whole)).toMatchObject({ imported: 3 });
  });

  it.each([
    ['stranger:Minibatch', 'stranger is not known to this machine. Connect once by hand with "ssh stranger"'],
    ['me@locked:Minibatch', 'does not take a key of yours'],
    ['bare:Minibatch', 'rsync is not installed on bare'],
    ['studio:Nowhere', 'There is no folder Nowhere on studio.'],
    ['studio:two words', 'has blanks or signs that a shell would read'],
  ])('are refused in a sentence where %s does not do', async (place, sentence) => {
    expect(await refused(place)).toContain(sentence);
    expect(fetched()).toEqual([]);
  });
});

describe('without rsync on this machine', () => {
  afterEach(() => {
    process.env.PATH = `${join(world.root, 'bin')}:${before.path ?? ''}`;
  });

  it('says what to install', async () => {
    const empty = join(world.root, 'empty');
    mkdirSync(empty);
    process.env.PATH = empty;
    expect(await refused('studio:Minibatch')).toContain('rsync is not installed on this machine. Install it');
    rmSync(empty, { recursive: true });
  });
});
