import type { Host } from '../shared/host.ts';
import type { Connection } from './connect.ts';
import { type ArchiveActions, archiveActions } from './actions/archive-actions.ts';
import { type BatchActions, batchActions } from './actions/batch-actions.ts';
import { type HostActions, hostActions } from './actions/host-actions.ts';
import { type LaunchActions, launchActions } from './actions/launch-actions.ts';
import { type PresetActions, presetActions } from './actions/preset-actions.ts';
import { type ResultActions, resultActions } from './actions/result-actions.ts';
import { type SetupActions, setupActions } from './actions/setup-actions.ts';
import { type SuiteActions, suiteActions } from './actions/suite-actions.ts';
import { type UiActions, uiActions } from './actions/ui-actions.ts';
import { SUITE_WORKLOAD } from './state/route.ts';
import type { AppStore } from './state/store.ts';

/** Everything a person can ask of the core or the window. A refusal becomes a notice, never an exception. */
export interface Actions
  extends ArchiveActions,
    BatchActions,
    HostActions,
    LaunchActions,
    PresetActions,
    ResultActions,
    SetupActions,
    SuiteActions,
    UiActions {}

interface Tools {
  readonly store: AppStore;
  readonly connection: Connection;
  readonly host: Host;
}

export function createActions({ store, connection, host }: Tools): Actions {
  const launch = launchActions(store, connection);
  const reload = (suite: string): Promise<void> =>
    launch.loadWorkloads({ workload: SUITE_WORKLOAD, preset: null, suite });
  const ofHost = hostActions(store, host);
  return {
    ...archiveActions(store, connection),
    ...batchActions(store, connection),
    ...ofHost,
    ...launch,
    ...presetActions({
      store,
      connection,
      reload: (workload, preset) => launch.loadWorkloads({ workload, preset, suite: null }),
    }),
    ...resultActions(store, connection),
    ...setupActions({ store, connection, host, copy: ofHost.copy }),
    ...suiteActions({ store, connection, host, reload }),
    ...uiActions(store),
  };
}
