import { describe, expect, it } from 'vitest';
import { redactHome } from '../../../../src/shared/domain/redact-home.ts';
import type { SetupFacts } from '../../../../src/shared/domain/setup-facts.ts';
import { setupReport } from '../../../../src/shared/domain/setup-report.ts';
import { setupText } from '../../../../src/shared/domain/setup-text.ts';
import { setupReport as setupSchema } from '../../../../src/shared/model/setup.ts';
import { chooseInterpreter } from '../../../../src/main/python/choose.ts';
import { devicesOf } from '../../../../src/main/python/doctor.ts';
import { judge } from '../../../../src/main/python/judge.ts';
import type { Interpreter } from '../../../../src/shared/model/python.ts';
import { facts as probe } from '../../main/python/interpreters.ts';

const HOME = '/Users/ann';

function python(
  path: string,
  origin: Interpreter['origin'],
  more: Parameters<typeof probe>[0] = {},
): Interpreter {
  return { path, origin, probe: judge({ path, facts: probe(more), architecture: 'arm64' }) };
}

const conda = python(`${HOME}/miniforge3/bin/python`, 'conda');
const bare = python('/usr/bin/python3', 'system', { modules: {}, mps: null });

/** A Mac as it should be, with changes. */
function machine(
  more: Partial<SetupFacts> = {},
  interpreters: readonly Interpreter[] = [conda, bare],
): SetupFacts {
  const { chosen, sentence } = chooseInterpreter(interpreters);
  const doctor = {
    interpreters: [...interpreters],
    chosen: chosen?.path ?? null,
    sentence,
    devices: devicesOf({ facts: chosen?.probe.facts ?? null, platform: 'darwin', architecture: 'arm64' }),
    workspace: { path: `${HOME}/Minibatch`, ok: true, sentence: 'It can be written.' },
    strays: [],
    problems: [],
  };
  return {
    at: 1_700_000_000,
    doctor,
    notes: [],
    architecture: 'arm64',
    platform: 'darwin',
    choice: null,
    managed: null,
    measures: { threads: 8, devices: [{ device: 'cpu', seconds: 0.01, gflops: 214.7 }] },
    workspace: { freeBytes: 2e11, size: { bytes: 5e6, complete: true }, batches: 2, results: 7 },
    terminal: { problem: null },
    openFiles: 8192,
    power: { sleepMinutes: 0, restarts: true },
    liveRuns: 0,
    versions: [{ name: 'Minibatch', value: '1.0.0' }],
    dataFolder: `${HOME}/Library/Application Support/Minibatch`,
    homes: [HOME],
    idOf: (path) => `id of ${path.length}`,
    ...more,
  };
}

function check(facts: SetupFacts, id: string) {
  const found = setupReport(facts)
    .groups.flatMap(({ checks }) => checks)
    .find((one) => one.id === id);
  if (!found) throw new Error(`There is no line ${id}.`);
  return found;
}

describe('a machine that can train', () => {
  it('says so, and with what', () => {
    const report = setupReport(machine());
    expect(setupSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({
      canTrain: true,
      headline: 'This machine can train',
      sentence: expect.stringMatching(/^Runs are started with Python 3\.\d+\S* and torch \S+, on cpu/),
      choice: 'automatic',
    });
    expect(report.pythons).toMatchObject([
      { path: '~/miniforge3/bin/python', used: true, usable: true, origin: 'conda' },
      {
        used: false,
        usable: false,
        torch: null,
        verdict: expect.stringMatching(/^Cannot import torch, numpy, scipy/),
      },
    ]);
    expect(check(machine(), 'cpu').sentence).toContain('Measured: 215\u2009GFLOP/s with 8 threads');
  });

  it('tells what is to be looked at, and can train all the same', () => {
    const facts = machine({
      openFiles: 256,
      power: { sleepMinutes: 10, restarts: false },
      workspace: { freeBytes: 1e9, size: { bytes: 1, complete: false }, batches: 0, results: 0 },
      measures: { threads: 8, devices: [{ device: 'cpu', problem: 'RuntimeError: no' }] },
      notes: ['This is the Intel build, translated on Apple Silicon: install the arm64 build.'],
    });
    const report = setupReport(facts);
    expect([report.canTrain, report.headline]).toEqual([true, 'This machine can train; 5 things to look at']);
    for (const id of ['files', 'sleep', 'space', 'cpu', 'build'])
      expect([id, check(facts, id).state]).toEqual([id, 'attention']);
  });

  it('names a Python that runs translated', () => {
    const intel = python('/opt/intel/bin/python3', 'homebrew', { architecture: 'x86_64' });
    expect(setupReport(machine({}, [conda, intel])).pythons[1]).toMatchObject({
      architecture: 'x86_64, translated by Rosetta',
      usable: false,
    });
  });

  it('repairs a prepared Python that is broken or old, and prepares none while runs live', () => {
    const managed = { python: bare.path, createdAt: 1, outdated: true };
    const broken = check(machine({ managed }), 'managed');
    expect(broken).toMatchObject({ state: 'attention', fix: { kind: 'repair' } });
    expect(broken.sentence).toContain('broken since');
    expect(check(machine({ managed: { ...managed, python: conda.path } }), 'managed').sentence).toContain(
      'another version of Minibatch',
    );
    expect(setupReport(machine({ liveRuns: 1 })).preparing.blocked).toBe(
      '1 run is live: nothing is installed until it has ended.',
    );
  });
});

describe('a machine that cannot train', () => {
  it.each([
    ['no Python', machine({}, []), 'prepare', 'No Python was found: Minibatch can prepare one of its own.'],
    [
      'none with torch',
      machine({}, [bare]),
      'prepare',
      'The one Python found has not all of torch, numpy and scipy: Minibatch can prepare one of its own.',
    ],
    [
      'a terminal that fails',
      machine({ terminal: { problem: 'posix_spawnp failed' } }),
      'check',
      'No program can be started under a terminal (posix_spawnp failed), so no run can start. Install Minibatch again.',
    ],
  ] as const)('says the one next step: %s', (_, facts, fix, sentence) => {
    const report = setupReport(facts);
    expect(report).toMatchObject({ canTrain: false, headline: 'This machine cannot train yet', sentence });
    const missing = report.groups.flatMap(({ checks }) => checks).filter(({ state }) => state === 'missing');
    expect(missing.map((one) => one.fix?.kind)).toEqual([fix]);
  });

  it('because of a choice, offers to choose again', () => {
    const chosen = python('/gone/bin/python', 'chosen', { modules: {} });
    const facts = machine({ choice: chosen.path }, [chosen, conda]);
    expect(check(facts, 'python')).toMatchObject({ state: 'missing', fix: { kind: 'automatic' } });
    expect(setupReport(facts).canTrain).toBe(false);
  });
});

describe('the home of a person', () => {
  it('is a tilde wherever it stands, and other folders keep their names', () => {
    expect(redactHome({ a: [`${HOME}/x and (${HOME})`], b: 3 }, [HOME, ''])).toEqual({
      a: ['~/x and (~)'],
      b: 3,
    });
    for (const other of ['/Users/anna/x', '/Volumes/Users/ann/x', '/Users/ann.old'])
      expect(redactHome(other, [HOME])).toBe(other);
    expect(redactHome('/home/a+b (c)/x', ['/home/a+b (c)'])).toBe('~/x');
  });

  it('is in no line of the report as text', () => {
    const text = setupText(setupReport(machine()));
    expect(text).not.toContain(HOME);
    expect(text).toContain('→ ~/miniforge3/bin/python (conda, Python 3.');
    expect(text).toContain('[Ready] Terminal: ');
    expect(text).toContain('  Minibatch: 1.0.0');
  });
});
