import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freezeCode } from '../../../../src/main/workloads/code-freeze.ts';
import { globPattern, listCode } from '../../../../src/main/workloads/code-files.ts';
import { failureOf } from '../../../support/expected.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'minibatch-code-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text = 'x'): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const choice = (more: { exclude?: string[]; link?: string[] } = {}) => ({
  root,
  exclude: [] as string[],
  link: [] as string[],
  limitMb: 1,
  ...more,
});
const paths = async (more = {}) => (await listCode(choice(more))).files.map((file) => file.path);

describe('listCode without git', () => {
  it('takes scripts and what they read, and no environment, cache or hidden file', async () => {
    for (const path of [
      'train.py',
      'model/net.py',
      'model/net.pyc',
      '.env',
      '.hidden/a',
      '__pycache__/a.py',
      'mine/pyvenv.cfg',
      'mine/lib/a.py',
      'a.minibatch.yaml',
    ])
      write(path);
    symlinkSync(join(root, 'train.py'), join(root, 'linked.py'));
    expect(await paths()).toEqual(['a.minibatch.yaml', 'linked.py', 'model/net.py', 'train.py']);
    expect(await paths({ exclude: ['model'], link: ['linked.py'] })).toEqual([
      'a.minibatch.yaml',
      'train.py',
    ]);
  });

  it('leaves out a workspace, with git and without, whose results change with every run', async () => {
    for (const path of [
      'train.py',
      'batches/sgd.py',
      'runs/.minibatch/lock.json',
      'runs/batches/b/batch.json',
      'runs/trash/b/batch.json',
      'runs/notes.txt',
    ])
      write(path);
    expect(await paths()).toEqual(['batches/sgd.py', 'runs/notes.txt', 'train.py']);
    const git = (...args: string[]): unknown =>
      execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args]);
    git('init', '-q');
    git('add', 'train.py');
    git('commit', '-qm', 'first');
    expect(await paths()).toEqual(['batches/sgd.py', 'runs/notes.txt', 'train.py']);
    write('.minibatch/lock.json');
    expect(await paths()).toEqual(['runs/notes.txt', 'train.py']);
  });

  it('has another fingerprint for other contents, names and rights, and none for another suite or time', async () => {
    write('train.py', 'one');
    write('a.minibatch.yaml', 'one');
    const print = async (): Promise<string> => (await listCode(choice())).fingerprint;
    const first = await print();
    write('a.minibatch.yaml', 'two');
    utimesSync(join(root, 'train.py'), 1, 1);
    expect(await print()).toBe(first);
    write('train.py', 'two');
    const second = await print();
    expect(second).not.toBe(first);
    write('other.py', '');
    expect(await print()).not.toBe(second);
  });

  it('leaves out a large file by name, and refuses too much altogether', async () => {
    write('train.py');
    write('data.bin', '');
    truncateSync(join(root, 'data.bin'), 11 * 2 ** 20);
    expect((await listCode(choice())).leftOut).toEqual([{ path: 'data.bin', bytes: 11 * 2 ** 20 }]);
    write('big.txt', 'x'.repeat(2 ** 20));
    expect(await failureOf('usage', () => listCode(choice()))).toContain('it has more than 1 MB');
  });
});

describe('freezeCode', () => {
  const suite = (fingerprint: string, more = {}) => ({
    file: join(root, 'a.minibatch.yaml'),
    name: 'a',
    folder: root,
    mainMetric: null,
    gpuLoad: null,
    code: { ...choice(more), fingerprint },
  });

  it('refuses code that is no longer what was planned', async () => {
    write('train.py', 'one');
    const { fingerprint } = await listCode(choice());
    write('train.py', 'two');
    const sentence = await failureOf('conflict', () => freezeCode(suite(fingerprint), join(root, '.batch')));
    expect(sentence).toContain('changed while the batch was started');
  });
});

describe('globPattern', () => {
  it.each([
    ['*.py', 'a.py', true],
    ['*.py', 'b/a.py', false],
    ['**/*.py', 'b/c/a.py', true],
    ['**/*.py', 'a.py', true],
    ['data', 'data/a/b', true],
    ['data/', 'data/a', true],
    ['./data', 'data', true],
    ['da?a', 'database', false],
    ['a.c', 'abc', false],
  ])('%s fits %s: %s', (glob, path, fits) => {
    expect(globPattern(glob).test(path)).toBe(fits);
  });
});
