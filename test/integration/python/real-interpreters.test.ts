import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHardware } from '../../../src/main/hardware/create-hardware.ts';
import { systemClock } from '../../../src/main/platform/clock.ts';
import { isAlive, startToken } from '../../../src/main/platform/process-identity.ts';
import { runProgram } from '../../../src/main/platform/process-runner.ts';
import { doctor } from '../../../src/main/python/doctor.ts';
import { findPython, type PythonOptions } from '../../../src/main/python/find-python.ts';
import { createManagedEnvironment } from '../../../src/main/python/managed-environment.ts';
import { createProbeCache } from '../../../src/main/python/probe-cache.ts';
import { doctorReport } from '../../../src/shared/model/python.ts';

const pythonFolder = join(import.meta.dirname, '../../../resources/python');
const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
  encoding: 'utf8',
}).trim();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-real-python-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A user without any Python of their own, so that only what a test names is found besides the system's. */
function options(more: Partial<PythonOptions> = {}): PythonOptions {
  const dataFolder = join(folder, 'data');
  return {
    projectFolders: [],
    dataFolder,
    home: folder,
    platform: process.platform,
    env: { PATH: process.env.PATH, HOME: folder },
    pythonFolder,
    run: runProgram,
    architecture: process.arch,
    cache: createProbeCache(dataFolder, systemClock.now),
    ...more,
  };
}

describe('a real interpreter', () => {
  it('is looked into by the probe script, and from memory the second time', async () => {
    const venv = join(folder, 'project', '.venv');
    execFileSync(python, ['-m', 'venv', '--without-pip', venv]);
    const first = await findPython(options({ given: venv }));
    expect(first.chosen).toBeNull();
    expect(first.sentence).toContain(`${venv}/bin/python (Python 3.`);
    expect(first.sentence).toContain('cannot import torch');
    const again = await findPython({
      ...options({ given: venv }),
      run: () => expect.fail('was started again'),
    });
    expect(again).toEqual(first);
  });

  it('that is not one is told as such', async () => {
    const { sentence } = await findPython(options({ given: process.execPath }));
    expect(sentence).toContain('does not answer like a Python');
  });

  it('appears in the report of the doctor with workspace, devices and ways out', async () => {
    const report = await doctor({ ...options(), workspace: join(folder, 'work') });
    expect(doctorReport.parse(report)).toEqual(report);
    expect(report.interpreters.length).toBeGreaterThan(0);
    expect(report.workspace.ok).toBe(true);
    expect(report.devices.map(({ device }) => device)).toEqual(['cpu', 'mps', 'cuda:0']);
    if (!report.chosen) expect(report.problems).toContain(report.sentence);
  });

  it('whose packages cannot be had leaves nothing behind and says what was tried', async () => {
    const data = join(folder, 'offline');
    const error: unknown = await createManagedEnvironment({
      // Pip itself finds no packages when it is told to look nowhere.
      ...options({
        dataFolder: data,
        env: { PATH: process.env.PATH, HOME: folder, PIP_NO_INDEX: '1', PIP_CONFIG_FILE: '/dev/null' },
      }),
      requirements: join(pythonFolder, 'requirements.txt'),
      clock: systemClock,
      neededBytes: 1,
    }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'python-unfit',
      message: expect.stringMatching(
        /-m pip install[^]*No matching distribution[^]*What was there before is unchanged/,
      ),
    });
    expect(existsSync(join(data, 'python', 'current.json'))).toBe(false);
  });
});

describe('start tokens', () => {
  it('are the same in the app and in the supervisor', () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
    try {
      const pid = child.pid ?? expect.fail('not started');
      const supervisor = join(pythonFolder, 'minibatch', 'supervisor.py');
      const printed = execFileSync(python, [supervisor, '--start-token', String(pid)], {
        encoding: 'utf8',
      }).trim();
      expect(printed).toBe(startToken(pid));
      expect(isAlive(pid, printed)).toBe(true);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('die with their process', async () => {
    const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
    const token = startToken(child.pid ?? 0);
    await new Promise((resolve) => child.once('exit', resolve));
    expect(isAlive(child.pid ?? 0, token ?? 'none')).toBe(false);
  });
});

describe('the real machine', () => {
  it('is detected and sampled, and a working child shows its load and memory', async () => {
    const hardware = await createHardware({ clock: systemClock, workspace: folder });
    const child = spawn(
      python,
      ['-c', 'x = bytearray(200_000_000)\nprint(1, flush=True)\nwhile True: pass'],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
      },
    );
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const pid = child.pid ?? expect.fail('not started');
      expect(hardware.facts.memoryBytes).toBeGreaterThan(1e8);
      expect(hardware.facts.coreLevels.flatMap(({ cpus }) => cpus).length).toBeGreaterThanOrEqual(
        hardware.facts.cores,
      );
      const sample = await hardware.sample();
      expect(sample.sources).toMatchObject({ cpu: 'ok', memory: 'ok', disk: 'ok' });
      expect(sample.memory.usedBytes).toBeGreaterThan(0);
      await expect
        .poll(async () => (await hardware.trees([pid])).get(pid)?.[0]?.cpuPercent ?? 0, {
          timeout: 20_000,
          interval: 200,
        })
        .toBeGreaterThan(5);
      const [root] = (await hardware.trees([pid])).get(pid) ?? [];
      expect(root?.footprintBytes).toBeGreaterThan(190e6);
      expect(root?.footprintBytes).toBeLessThan(400e6);
    } finally {
      child.kill('SIGKILL');
      hardware.close();
    }
  });
});

/** About a minute and a gigabyte, so it runs only when asked for. */
describe.runIf(process.env.MINIBATCH_TEST_SETUP === '1')('a real environment with torch', () => {
  it('is made by pip or uv, becomes current and can train', { timeout: 1_800_000 }, async () => {
    const made = await createManagedEnvironment({
      ...options({ env: process.env, home: process.env.HOME ?? folder }),
      requirements: join(pythonFolder, 'requirements.txt'),
      clock: systemClock,
    });
    expect(made.probe.kind).toBe('usable');
    const choice = await findPython(options());
    expect(choice.chosen?.path).toBe(made.path);
  });
});
