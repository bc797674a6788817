import { realpathSync } from 'node:fs';
import type { DeviceMeasures } from '../../shared/domain/setup-facts.ts';
import { setupReport } from '../../shared/domain/setup-report.ts';
import { redactHome } from '../../shared/domain/redact-home.ts';
import { formatCount } from '../../shared/domain/format.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { DoctorReport, Interpreter } from '../../shared/model/python.ts';
import type { SetupReport } from '../../shared/model/setup.ts';
import type { TopicItem } from '../../shared/contract/contract.ts';
import type { Hardware } from '../hardware/hardware.ts';
import type { Clock } from '../platform/clock.ts';
import { folderSize } from '../platform/folder-size.ts';
import { pathId } from '../platform/hash.ts';
import { runProgram } from '../platform/process-runner.ts';
import { spawnPty } from '../platform/pty.ts';
import { workspaceState } from '../platform/workspace-folder.ts';
import type { CurrentEnvironment } from '../python/current-environment.ts';
import { createPrepareJob, type PrepareJobOptions } from '../python/prepare-job.ts';
import { readOpenFiles, readPower, testTerminal } from '../python/self-tests.ts';
import type { Store } from '../store/store.ts';
import type { TopicSource } from './router.ts';

/** A workspace that takes longer to add up is told as "more than". */
const SIZE_SECONDS = 2;

/** The Pythons of this machine, as far as the desk needs them. */
export interface SetupPythons {
  readonly dataFolder: string;
  readonly home: string;
  examine(workspace: string, python?: string, fresh?: boolean): Promise<DoctorReport>;
  measure(python: string): Promise<DeviceMeasures | null>;
  /** The environment that was prepared, and whether its packages are those that are wanted now. */
  managed(): Promise<(CurrentEnvironment & { readonly outdated: boolean }) | null>;
  chosen(): Promise<string | null>;
  keepChoice(python: string | null): void;
  build: PrepareJobOptions['prepare'];
}

export interface SetupDeskParts {
  readonly version: string;
  readonly clock: Clock;
  readonly store: Pick<Store, 'workspace' | 'batches' | 'resultCounts'>;
  readonly hardware: Pick<Hardware, 'facts'>;
  readonly pythons: SetupPythons;
}

/** Says whether this machine can train, and mends it. A Python is named by its id. */
export interface SetupDesk extends TopicSource<TopicItem<'setup'>> {
  report(fresh: boolean): Promise<SetupReport>;
  choose(id: string | null): Promise<void>;
  open(path: string): Promise<string>;
  prepare(): void;
  cancel(): void;
  close(): Promise<void>;
}

export function createSetupDesk({ version, clock, store, hardware, pythons }: SetupDeskParts): SetupDesk {
  const listeners = new Set<(item: TopicItem<'setup'>) => void>();
  const homes = [pythons.home, realHome(pythons.home)];
  const measures = new Map<string, DeviceMeasures>();
  let revision = 0;

  const job = createPrepareJob({
    now: clock.now,
    prepare: async (options) => {
      await pythons.build(options);
      await forgetBrokenChoice();
    },
    onChange() {
      if (job.state.kind !== 'running') revision += 1;
      tell();
    },
  });

  function item(): TopicItem<'setup'> {
    return { revision, job: redactHome(job.state, homes) };
  }

  function tell(): void {
    for (const listener of listeners) listener(item());
  }

  function changed(): void {
    revision += 1;
    tell();
  }

  function liveRuns(): number {
    return store.batches().reduce((sum, { counts }) => sum + counts.live, 0);
  }

  function requireRest(): void {
    const live = liveRuns();
    if (live === 0) return;
    throw new ExpectedError(
      'not-possible-now',
      `${formatCount(live, 'run')} ${live === 1 ? 'is' : 'are'} live. Nothing is installed while runs train: wait for their end, or stop their batch.`,
    );
  }

  /** A person prepares a Python to train with it; a choice that cannot train would be in its way. */
  async function forgetBrokenChoice(): Promise<void> {
    if ((await pythons.chosen()) === null) return;
    if ((await pythons.examine(store.workspace)).chosen === null) pythons.keepChoice(null);
  }

  /** Measured once for each Python while nothing trains, which it would disturb. */
  async function measured(python: string | null, fresh: boolean): Promise<DeviceMeasures | null> {
    if (python === null) return null;
    const known = measures.get(python);
    if (liveRuns() > 0 || job.state.kind === 'running' || (known && !fresh)) return known ?? null;
    const found = await pythons.measure(python);
    if (found !== null) measures.set(python, found);
    return found;
  }

  async function find(id: string): Promise<Interpreter> {
    const { interpreters } = await pythons.examine(store.workspace);
    const found = interpreters.find(({ path }) => pathId(path) === id);
    if (found !== undefined) return found;
    throw new ExpectedError(
      'not-found',
      'This Python is not there any more: check again, then choose another.',
    );
  }

  function keep({ path, probe }: Interpreter): void {
    if (probe.kind === 'unusable') throw new ExpectedError('python-unfit', probe.sentence);
    pythons.keepChoice(path);
    changed();
  }

  return {
    async report(fresh) {
      const { workspace } = store;
      const { facts } = hardware;
      const doctor = await pythons.examine(workspace, undefined, fresh);
      const used = doctor.interpreters.find(({ path }) => path === doctor.chosen);
      const [size, space, terminal, openFiles, power, managed, choice] = await Promise.all([
        folderSize(workspace, SIZE_SECONDS),
        workspaceState(workspace).catch(() => null),
        testTerminal(spawnPty),
        readOpenFiles(runProgram),
        readPower(runProgram, process.platform),
        pythons.managed(),
        pythons.chosen(),
      ]);
      return setupReport({
        at: clock.now(),
        doctor,
        notes: facts.notes,
        architecture: facts.architecture,
        platform: process.platform,
        choice,
        managed,
        measures: await measured(doctor.chosen, fresh),
        workspace: {
          freeBytes: space?.freeBytes ?? null,
          size,
          batches: store.batches().length,
          results: store.resultCounts().reduce((sum, { results }) => sum + results, 0),
        },
        terminal,
        openFiles,
        power,
        liveRuns: liveRuns(),
        versions: versions(version, facts.osVersion, used),
        dataFolder: pythons.dataFolder,
        homes,
        idOf: pathId,
      });
    },
    async choose(id) {
      if (id !== null) return keep(await find(id));
      pythons.keepChoice(null);
      changed();
    },
    async open(path) {
      const { interpreters } = await pythons.examine(store.workspace, path);
      const found = interpreters.find(({ origin }) => origin === 'given');
      if (found === undefined) throw new ExpectedError('not-found', `${path} is no Python.`);
      keep(found);
      return pathId(found.path);
    },
    prepare() {
      requireRest();
      job.start();
    },
    cancel: () => job.cancel(),
    close: () => job.close(),
    subscribe(listener) {
      listener(item());
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function versions(
  version: string,
  system: string,
  used: Interpreter | undefined,
): { name: string; value: string }[] {
  const { electron } = process.versions;
  const { modules = {}, version: python = null } = used?.probe.facts ?? {};
  const found: [string, string | null | undefined][] = [
    ['Minibatch', version],
    ['System', system],
    ['Electron', electron],
    ['Node', process.versions.node],
    ['Python', python],
    ['torch', modules.torch],
    ['numpy', modules.numpy],
    ['scipy', modules.scipy],
  ];
  return found.flatMap(([name, value]) => (value ? [{ name, value }] : []));
}

function realHome(home: string): string {
  try {
    return realpathSync(home);
  } catch {
    return home;
  }
}
