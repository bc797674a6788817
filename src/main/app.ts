import { join } from 'node:path';
import { serveConnection } from './api/connection.ts';
import { createRouter } from './api/create-router.ts';
import { createLogFiles } from './api/logs/log-files.ts';
import { createSetupDesk } from './api/setup-desk.ts';
import { createNoticeBoard } from './api/topics.ts';
import type { Connect } from './doors/in-process.ts';
import { localSocketPath, openLocalDoor } from './doors/local-socket.ts';
import { createHardware } from './hardware/create-hardware.ts';
import { type Installation, locateInstallation } from './installation.ts';
import { createInterpreters } from './interpreters.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { openWorkspaceFolder } from './platform/workspace-folder.ts';
import { acquireWorkspaceLock } from './platform/workspace-lock.ts';
import { createScheduler } from './scheduler/batch-scheduler.ts';
import { createPlanner } from './scheduler/planner.ts';
import { createBackups } from './store/backups.ts';
import { backUpPhases } from './store/phase-backups.ts';
import { createStore } from './store/sqlite-store.ts';
import { createCatalog } from './workloads/catalog.ts';
import { createPresetFiles } from './workloads/preset-files.ts';

export interface AppOptions {
  /** Absolute folder; absent = the user's own. */
  readonly workspace?: string | undefined;
  readonly installation?: Installation;
  /** Electron's folder of extra resources, in a packaged app. */
  readonly packagedFolder?: string | undefined;
  readonly clock?: Clock;
  /** Start workers ahead of need; on unless said otherwise. */
  readonly standby?: boolean;
  /** Check every answer against the contract: for tests and development. */
  readonly checkOutput?: boolean;
}

/** The core with everything it is built of. Doors differ only in the transports they bring. */
export interface App {
  readonly workspace: string;
  /** Serves one client; returns how to let go of it. */
  readonly connect: Connect;
  /** Resolves when no batch is being worked on. */
  idle(): Promise<void>;
  /** Lets go of the workspace; live runs go on under their supervisors. */
  close(): Promise<void>;
}

/**
 * Takes a workspace and builds the core on it, bottom-up. Throws ExpectedError when the folder cannot be used
 * (`workspace-unusable`, `disk-full`) or is held by another process (`workspace-held`); then nothing is left open.
 */
export async function createApp(options: AppOptions = {}): Promise<App> {
  const installation = options.installation ?? locateInstallation(options.packagedFolder);
  const { workspace } = await openWorkspace(options.workspace ?? installation.defaultWorkspace);
  const closing: (() => void | Promise<void>)[] = [];
  async function close(): Promise<void> {
    // The last opened is closed first, so nothing outlives what it stands on.
    while (closing.length > 0) await closing.pop()?.();
  }
  try {
    const lock = acquireWorkspaceLock(workspace);
    closing.push(() => lock.release());
    return await build({ options, installation, workspace, closing, close, setAddress: lock.setAddress });
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWorkspace(path: string): Promise<{ workspace: string }> {
  const { path: workspace } = await openWorkspaceFolder(path);
  return { workspace };
}

interface Building {
  readonly options: AppOptions;
  readonly installation: Installation;
  readonly workspace: string;
  readonly closing: (() => void | Promise<void>)[];
  readonly close: () => Promise<void>;
  readonly setAddress: (address: string | null) => void;
}

async function build({
  options,
  installation,
  workspace,
  closing,
  close,
  setAddress,
}: Building): Promise<App> {
  const { resources } = installation;
  const clock = options.clock ?? systemClock;
  const notices = createNoticeBoard();
  const notice = (level: 'info' | 'warning' | 'error', text: string): void => notices.post({ level, text });

  const store = createStore({ workspace, clock, notice });
  closing.push(() => store.close());
  const busy = (): boolean => store.batches().some((batch) => batch.counts.live > 0);
  const hardware = await createHardware({ clock, workspace, busy });
  closing.push(() => hardware.close());

  const interpreters = createInterpreters({
    resources,
    dataFolder: installation.dataFolder,
    home: installation.surroundings.home,
    env: installation.surroundings.env,
    clock,
    facts: hardware.facts,
  });
  const presets = createPresetFiles(workspace);
  const catalog = createCatalog({ folder: join(resources, 'workloads'), presets });
  const planner = createPlanner({ catalog, store, hardware, python: interpreters, clock });
  const scheduler = await createScheduler({
    store,
    hardware,
    clock,
    resources,
    python: async ({ python, workload }) => {
      const { requires } = (await catalog.find(workload)).manifest;
      return (await interpreters.choose(python, requires)).path;
    },
    workload: async (name) => {
      const { folder, manifest } = await catalog.find(name);
      return {
        folder,
        requires: manifest.requires,
        gpuLoad: manifest.gpuLoad,
        mainMetric: manifest.mainMetric ?? null,
      };
    },
    standby: options.standby ?? true,
    notice,
  });
  closing.push(() => scheduler.close());
  const backups = createBackups({ store, clock });
  const wanted = async (workload: string): Promise<boolean> =>
    (await catalog.find(workload)).manifest.backup === 'phase';
  closing.push(backUpPhases({ store, backups, wanted, notice }));

  const { version } = installation;
  const setup = createSetupDesk({ version, clock, store, hardware, pythons: interpreters });
  closing.push(() => setup.close());

  const router = createRouter(
    {
      version,
      clock,
      startedAt: clock.now(),
      store,
      hardware,
      catalog,
      presets,
      planner,
      scheduler,
      backups,
      logs: createLogFiles(),
      notices,
      setup,
      doctor: (python) => interpreters.examine(workspace, python),
      // Both scripts need the standard library only.
      analysisPython: async () => (await interpreters.choose(undefined, [])).path,
    },
    {
      checkOutput: options.checkOutput ?? false,
      reportBug: (error, where) => void installation.reportBug(error, where),
    },
  );
  const connect: Connect = (transport, caller) => serveConnection(router, transport, caller);
  const address = localSocketPath(workspace);
  closing.push(await openLocalDoor(address, connect));
  setAddress(address);
  return { workspace, connect, idle: () => scheduler.idle(), close };
}
