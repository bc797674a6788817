import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { managedPython } from '../../../../src/main/python/current-environment.ts';
import { basePythons, needsPip, planInstall } from '../../../../src/main/python/installer.ts';
import {
  createManagedEnvironment,
  type ManagedOptions,
} from '../../../../src/main/python/managed-environment.ts';
import { ExpectedError } from '../../../../src/shared/model/error.ts';
import { type FakeMachine, fakeMachine, result } from './fake-python.ts';
import { bare } from './interpreters.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => rmSync(machine.folder, { recursive: true }));

const environments = () =>
  readdirSync(join(machine.folder, 'data/python')).filter((name) => name.startsWith('env-'));
const current = () => managedPython(machine.options.dataFolder);

async function failure(more: Partial<ManagedOptions> = {}): Promise<ExpectedError> {
  const error = await createManagedEnvironment({ ...machine.options, ...more }).then(
    () => expect.fail('was made'),
    (reason: unknown) => reason,
  );
  return error instanceof ExpectedError ? error : expect.fail(String(error));
}

describe('preparing Python', () => {
  beforeEach(() => {
    machine.add('.pyenv/versions/3.12.1/bin/python', { modules: {} });
  });

  it('makes a new folder, looks into it, and only then switches', async () => {
    const seen: [string, number][] = [];
    let atPip: string | null = 'not asked';
    machine.when('-m pip install', async () => {
      atPip = await current();
      return result(0);
    });
    const made = await createManagedEnvironment({
      ...machine.options,
      progress: ({ line, fraction }) => void seen.push([line, fraction]),
    });
    expect(atPip).toBeNull();
    expect(made).toMatchObject({ origin: 'managed', probe: { kind: 'usable' } });
    expect(await current()).toBe(made.path);
    expect(environments()).toHaveLength(1);
    expect(existsSync(join(made.path, '../../unfinished'))).toBe(false);
    expect(seen.at(-1)).toEqual(['Python is ready', 1]);
    const fractions = seen.map(([, fraction]) => fraction);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  });

  it('keeps the old one beside the new, for runs that still use it', async () => {
    const first = await createManagedEnvironment(machine.options);
    const second = await createManagedEnvironment(machine.options);
    expect(second.path).not.toBe(first.path);
    expect(existsSync(first.path)).toBe(true);
    expect(await current()).toBe(second.path);
  });

  it('leaves the old one current when packages fail, and names command, output and way out', async () => {
    const first = await createManagedEnvironment(machine.options);
    machine.when(
      '-m pip install',
      result(1, 'Collecting torch\n', 'ERROR: No matching distribution found for torch==2.13.0\n'),
    );
    const error = await failure();
    expect(error.code).toBe('python-unfit');
    expect(error.message).toContain('-m pip install');
    expect(error.message).toContain('ERROR: No matching distribution found');
    expect(error.message).toContain('pip config list');
    expect(await current()).toBe(first.path);
    expect(environments()).toHaveLength(1);
  });

  it('does not switch to an environment that cannot import torch', async () => {
    machine.when('probe.py', result(0, JSON.stringify(bareFacts())));
    const error = await failure();
    expect(error.message).toContain('cannot import torch');
    expect(error.message).toContain('What was there before is unchanged');
    expect(await current()).toBeNull();
    expect(environments()).toEqual([]);
  });

  it('says when the disk filled up', async () => {
    machine.when('-m pip install', result(1, '', 'OSError: [Errno 28] No space left on device\n'));
    expect((await failure()).code).toBe('disk-full');
  });

  it('does not begin without room, and says both numbers', async () => {
    const error = await failure({ neededBytes: 1e18 });
    expect(error.code).toBe('disk-full');
    expect(error.message).toMatch(/needs about 1000000000\.0 GB, and only \d+\.\d GB are free/);
    expect(environments()).toEqual([]);
  });

  it('tries the next Python where one cannot make environments', async () => {
    machine.add('.pyenv/versions/3.13.0/bin/python', { version: '3.13.0', modules: {} });
    machine.when(
      '3.12.1/bin/python -m venv',
      result(1, '', 'The virtual environment was not created because ensurepip is not available.\n'),
    );
    const made = await createManagedEnvironment(machine.options);
    expect(await current()).toBe(made.path);
    expect(machine.calls.some(({ command, args }) => command.includes('3.13.0') && args[1] === 'venv')).toBe(
      true,
    );
  });

  it('can be called off without a trace', async () => {
    machine.when('-m pip install', { kind: 'aborted', stdout: '', stderr: '' });
    expect((await failure()).message).toContain('nothing was changed');
    expect(environments()).toEqual([]);
  });

  it('is done by one process at a time', async () => {
    let second: ExpectedError | null = null;
    machine.when('-m pip install', async () => {
      second = await failure();
      return result(0);
    });
    await createManagedEnvironment(machine.options);
    expect(second).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    expect(existsSync(join(machine.folder, 'data/python/setup.lock'))).toBe(false);
  });

  it('clears away what a killed attempt left, and nothing else', async () => {
    const folder = join(machine.folder, 'data/python');
    mkdirSync(join(folder, 'env-killed'), { recursive: true });
    writeFileSync(join(folder, 'env-killed', 'unfinished'), '');
    mkdirSync(join(folder, 'env-old'));
    writeFileSync(
      join(folder, 'setup.lock'),
      JSON.stringify({ version: 1, pid: 1, start: 'linux:gone:1', address: null }),
    );
    await createManagedEnvironment(machine.options);
    expect(environments()).toContain('env-old');
    expect(environments()).not.toContain('env-killed');
  });

  it('passes no address of packages, whatever the tool', async () => {
    await createManagedEnvironment(machine.options);
    const line = machine.calls.flatMap(({ args }) => args).join(' ');
    expect(line).not.toMatch(/index|find-links|https?:/);
  });
});

it('says which Python to install when there is nothing to build on', async () => {
  machine.add('.pyenv/versions/3.9.1/bin/python', { version: '3.9.1', modules: {} });
  const real = await failure({ architecture: 'riscv' });
  expect(real.code).toBe('python-missing');
  expect(real.message).toContain('3.11 to 3.14');
});

describe('what to build on', () => {
  const options = { architecture: 'arm64', usualPrefix: null };

  it('is native, of a version with packages, best known first', () => {
    const list = [
      bare('/10', 'pyenv', { version: '3.10.1' }),
      bare('/14', 'homebrew', { version: '3.14.0' }),
      bare('/x64', 'homebrew', { version: '3.12.1', architecture: 'x86_64' }),
      bare('/11', 'system', { version: '3.11.2' }),
      bare('/12', 'uv', { version: '3.12.1' }),
      bare('/old', 'managed', { version: '3.12.1' }),
    ];
    expect(basePythons(list, options).map(({ path }) => path)).toEqual(['/12', '/11', '/14']);
    expect(basePythons(list, { ...options, usualPrefix: '/11' })[0]?.path).toBe('/11');
    expect(basePythons(list, { ...options, usualPrefix: '/10' })[0]?.path).toBe('/12');
  });

  it('may be brought by uv, into the folder of Minibatch', () => {
    const plan = planInstall({
      uv: '/bin/uv',
      base: null,
      folder: '/data/python/env-1',
      requirements: '/r.txt',
      dataFolder: '/data',
      env: {},
    });
    expect(plan?.steps.map(({ args }) => args.join(' '))).toEqual([
      'venv --seed --python 3.12 /data/python/env-1',
      'pip install --python /data/python/env-1/bin/python --requirement /r.txt',
    ]);
    expect(plan?.env).toMatchObject({
      UV_PYTHON_INSTALL_DIR: '/data/python/interpreters',
      UV_CACHE_DIR: '/data/python/cache',
    });
  });

  it('is installed by pip where only pip knows the way to packages', async () => {
    const home = machine.folder;
    const ask = (env: Record<string, string>) => needsPip({ home, env });
    expect(await ask({ PIP_FIND_LINKS: '/wheels' })).toBe(true);
    expect(await ask({ PIP_FIND_LINKS: '/wheels', UV_FIND_LINKS: '/wheels' })).toBe(false);
    mkdirSync(join(home, '.config/pip'), { recursive: true });
    writeFileSync(join(home, '.config/pip/pip.conf'), '[global]\nfind-links = /wheels\n');
    expect(await ask({})).toBe(true);
  });
});

function bareFacts(): unknown {
  const { probe } = bare('/x', 'managed');
  return probe.facts;
}

it('pins every package of the managed environment exactly', () => {
  const text = readFileSync(
    join(import.meta.dirname, '../../../../resources/python/requirements.txt'),
    'utf8',
  );
  const lines = text.trim().split('\n');
  expect(lines).toContain('torch==2.13.0');
  for (const line of lines) expect(line).toMatch(/^[a-z]+==\d+(\.\d+)+$/);
});
