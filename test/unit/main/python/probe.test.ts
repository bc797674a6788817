import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findPython, listInterpreters } from '../../../../src/main/python/find-python.ts';
import { probeInterpreter } from '../../../../src/main/python/probe.ts';
import { pythonEnvironment } from '../../../../src/main/python/python-environment.ts';
import { type FakeMachine, fakeMachine, result } from './fake-python.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => rmSync(machine.folder, { recursive: true }));

const probes = () =>
  machine.calls.filter(({ args }) => args[0]?.endsWith('probe.py')).map(({ command }) => command);

describe('looking into an interpreter', () => {
  it('happens once, until something about it changes', async () => {
    const path = machine.add('env/bin/python');
    const candidate = { path, origin: 'project' as const };
    const first = await probeInterpreter(candidate, machine.options);
    expect(first.probe.kind).toBe('usable');
    expect(await probeInterpreter(candidate, machine.options)).toEqual(first);
    expect(probes()).toHaveLength(1);
    // Installing a package leaves the program as it was.
    mkdirSync(join(machine.folder, 'env/lib/python3.12/site-packages'), { recursive: true });
    await probeInterpreter(candidate, machine.options);
    expect(probes()).toHaveLength(2);
    await probeInterpreter(candidate, { ...machine.options, fresh: true });
    expect(probes()).toHaveLength(3);
  });

  it('does not remember a failure, nor trust a damaged memory', async () => {
    const path = machine.add('env/bin/python', { kind: 'timeout', seconds: 60, stdout: '', stderr: '' });
    const candidate = { path, origin: 'project' as const };
    expect((await probeInterpreter(candidate, machine.options)).probe).toMatchObject({
      sentence: expect.stringContaining('no answer within 60 s'),
    });
    await probeInterpreter(candidate, machine.options);
    expect(probes()).toHaveLength(2);
  });

  it('turns every kind of failure into a sentence', async () => {
    const sentence = async (answer: Parameters<FakeMachine['add']>[1]) => {
      const path = machine.add('env/bin/python', answer);
      const { probe } = await probeInterpreter(
        { path, origin: 'given' },
        { ...machine.options, fresh: true },
      );
      return probe.kind === 'unusable' ? probe.sentence : expect.fail('usable');
    };
    expect(await sentence(result(1, '', 'Traceback\nSyntaxError: invalid syntax\n'))).toContain(
      '(exit code 1: SyntaxError',
    );
    expect(await sentence(result(0, 'hello'))).toContain('its answer was not understood');
    expect(await sentence(result(0, ''))).toContain('its answer was not understood');
    expect(await sentence({ kind: 'killed', signal: 'SIGSEGV', stdout: '', stderr: '' })).toContain(
      'ended by SIGSEGV',
    );
  });

  it('tells a missing program without starting anything', async () => {
    const { probe } = await probeInterpreter({ path: '/no/python', origin: 'given' }, machine.options);
    expect(probe).toMatchObject({
      kind: 'unusable',
      sentence: expect.stringContaining('/no/python does not exist'),
    });
    expect(machine.calls).toEqual([]);
  });

  it.skipIf(process.platform === 'darwin')(
    'never starts the placeholder of a Mac without tools',
    async () => {
      const path = join(machine.folder, 'venv/bin/python');
      mkdirSync(dirname(path), { recursive: true });
      symlinkSync('/usr/bin/python3', path);
      const { realpathSync, existsSync } = await import('node:fs');
      // Only where the name is a program itself can it stand for the placeholder.
      if (!existsSync('/usr/bin/python3') || realpathSync('/usr/bin/python3') !== '/usr/bin/python3') return;
      machine.when('xcode-select', result(2));
      await probeInterpreter({ path, origin: 'project' }, { ...machine.options, platform: 'darwin' });
      expect(machine.calls.map(({ command }) => command)).toEqual(['/usr/bin/xcode-select']);
    },
  );
});

describe('finding one', () => {
  it('looks no further than the first that can train', async () => {
    machine.add('p/.venv/bin/python', { modules: {} });
    machine.add('p/venv/bin/python');
    machine.add('.pyenv/versions/3.12.1/bin/python');
    const choice = await findPython({ ...machine.options, projectFolders: [join(machine.folder, 'p')] });
    expect(choice.chosen?.path).toBe(join(machine.folder, 'p/venv/bin/python'));
    expect(probes().map((path) => path.slice(machine.folder.length))).toEqual([
      '/p/.venv/bin/python',
      '/p/venv/bin/python',
    ]);
  });

  it('looks at a named one alone', async () => {
    machine.add('.pyenv/versions/3.12.1/bin/python');
    const choice = await findPython({
      ...machine.options,
      given: machine.add('mine/python', { modules: {} }),
    });
    expect(choice.chosen).toBeNull();
    expect(choice.sentence).toContain('mine/python');
    expect(probes()).toHaveLength(1);
  });

  it('shows one environment once, also behind a wrapper', async () => {
    machine.add('.pyenv/versions/3.12.1/bin/python');
    machine.add('bin/python3', { prefix: join(machine.folder, '.pyenv/versions/3.12.1') });
    const all = await listInterpreters(machine.options);
    const own = all.filter(({ path }) => path.startsWith(machine.folder));
    expect(own.map(({ origin }) => origin)).toEqual(['pyenv']);
  });
});

describe('the environment of an interpreter', () => {
  it("keeps the machine's way to packages and drops what leads astray", () => {
    const env = pythonEnvironment({
      PATH: '/bin',
      PIP_CERT: '/ca.pem',
      HTTPS_PROXY: 'http://proxy',
      PYTHONPATH: '/evil',
      VIRTUAL_ENV: '/v',
      CONDA_PREFIX: '/c',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_OPTIONS: '--x',
      npm_config_x: '1',
      __PYVENV_LAUNCHER__: '/l',
      PIP_USER: '1',
      EMPTY: undefined,
    });
    expect(env).toEqual({
      PATH: '/bin',
      PIP_CERT: '/ca.pem',
      HTTPS_PROXY: 'http://proxy',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONUNBUFFERED: '1',
      PYTHONIOENCODING: 'utf-8',
    });
  });
});

it('survives a cache that cannot be written', async () => {
  writeFileSync(join(machine.folder, 'data'), 'a file in its place');
  const path = machine.add('env/bin/python');
  expect((await probeInterpreter({ path, origin: 'project' }, machine.options)).probe.kind).toBe('usable');
});
