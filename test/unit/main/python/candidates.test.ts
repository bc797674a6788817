import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findInterpreters, type SearchOptions } from '../../../../src/main/python/candidates.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'minibatch-pythons-'));
});
afterEach(() => rmSync(home, { recursive: true }));

function program(path: string): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, '');
  return full;
}

function link(path: string, target: string): string {
  const full = join(home, path);
  mkdirSync(dirname(full), { recursive: true });
  symlinkSync(target, full);
  return full;
}

async function found(more: Partial<SearchOptions> = {}): Promise<[string, string][]> {
  const candidates = await findInterpreters({
    projectFolders: [join(home, 'project')],
    dataFolder: join(home, 'data'),
    home,
    platform: 'linux',
    env: { PATH: join(home, 'bin') },
    ...more,
  });
  // Those of the machine itself differ from one to the next.
  return candidates
    .filter(({ path }) => path.startsWith(home))
    .map(({ path, origin }) => [origin, path.slice(home.length)]);
}

it('finds interpreters in the order of preference', async () => {
  program('bin/python3');
  program('.pyenv/versions/3.9.1/bin/python');
  program('.pyenv/versions/3.12.1/bin/python');
  program('miniforge3/bin/python');
  program('miniforge3/envs/torch/bin/python');
  program('.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3');
  program('data/python/env-1/bin/python');
  writeFileSync(
    join(home, 'data/python/current.json'),
    JSON.stringify({
      version: 1,
      python: join(home, 'data/python/env-1/bin/python'),
      createdAt: 1,
      requirements: '',
    }),
  );
  program('project/.venv/bin/python');
  program('named/bin/python');
  expect(await found({ given: join(home, 'named') })).toEqual([
    ['given', '/named/bin/python'],
    ['project', '/project/.venv/bin/python'],
    ['managed', '/data/python/env-1/bin/python'],
    ['uv', '/.local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu/bin/python3'],
    ['conda', '/miniforge3/envs/torch/bin/python'],
    ['conda', '/miniforge3/bin/python'],
    ['pyenv', '/.pyenv/versions/3.12.1/bin/python'],
    ['pyenv', '/.pyenv/versions/3.9.1/bin/python'],
    ['system', '/bin/python3'],
  ]);
});

it('counts one program once, and environments on top of it each', async () => {
  const real = program('.pyenv/versions/3.12.1/bin/python');
  link('bin/python3', real);
  link('project/.venv/bin/python', real);
  writeFileSync(join(home, 'project/.venv/pyvenv.cfg'), '');
  link('project/venv/bin/python', real);
  writeFileSync(join(home, 'project/venv/pyvenv.cfg'), '');
  expect(await found()).toEqual([
    ['project', '/project/.venv/bin/python'],
    ['project', '/project/venv/bin/python'],
    ['pyenv', '/.pyenv/versions/3.12.1/bin/python'],
  ]);
});

it('lists a named program even if nothing is there, so that its absence can be told', async () => {
  expect(await found({ given: join(home, 'nothing') })).toEqual([['given', '/nothing']]);
});

it('ignores a damaged note of the managed environment and shims that lead elsewhere', async () => {
  program('.pyenv/shims/python3');
  mkdirSync(join(home, 'data/python'), { recursive: true });
  writeFileSync(join(home, 'data/python/current.json'), '{"version": 1, "py');
  expect(await found({ env: { PATH: join(home, '.pyenv/shims') } })).toEqual([]);
});
