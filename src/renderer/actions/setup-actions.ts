import { setupText } from '../../shared/domain/setup-text.ts';
import type { Host } from '../../shared/host.ts';
import type { SetupFix } from '../../shared/model/setup.ts';
import type { Connection } from '../connect.ts';
import type { AppStore } from '../state/store.ts';
import { attempt, sentenceOf } from './attempt.ts';

export interface SetupActions {
  /** `fresh`: every interpreter is started and every device measured again. */
  loadSetup(fresh: boolean): Promise<void>;
  /** Follows the preparation of a Python, and asks for a new report when another one would say something else. */
  followSetup(): () => void;
  /** Null = Minibatch chooses. */
  choosePython(id: string | null): Promise<void>;
  /** Lets the person choose a Python in a dialog of the system. */
  openPython(): Promise<void>;
  preparePython(): Promise<void>;
  cancelPreparing(): Promise<void>;
  /** What the button of a line does. */
  fixSetup(fix: SetupFix['kind']): Promise<void>;
  /** Puts the report on the clipboard as plain text. */
  copySetup(): Promise<void>;
}

interface Tools {
  readonly store: AppStore;
  readonly connection: Connection;
  readonly host: Host;
  readonly copy: (text: string, what: string) => Promise<void>;
}

export function setupActions({ store, connection, host, copy }: Tools): SetupActions {
  let latest = 0;

  async function load(fresh: boolean): Promise<void> {
    latest += 1;
    const mine = latest;
    store.getState().setupLoading();
    try {
      const report = await connection.call('setup.report', { fresh });
      if (mine === latest) store.getState().setupArrived(report);
    } catch (error) {
      if (mine === latest) store.getState().setupRefused(sentenceOf(error));
    }
  }

  const choose = (python: string | null): Promise<void> =>
    attempt(store, async () => void (await connection.call('setup.choose', { python })));

  const prepare = (): Promise<void> =>
    attempt(store, async () => void (await connection.call('setup.prepare', {})));

  async function reindex(): Promise<void> {
    await attempt(store, async () => {
      const { batches, runs, problems } = await connection.call('app.reindex', {});
      const { noticed } = store.getState();
      if (problems.length === 0) noticed('info', `Reindexed: ${batches} batches, ${runs} runs.`);
      else noticed('warning', `Reindexed ${batches} batches, ${runs} runs. ${problems.join(' ')}`);
    });
    await load(false);
  }

  return {
    loadSetup: load,
    followSetup: () =>
      connection.attach((client) => {
        // Somebody has come to look: what was found earlier may be old.
        let known: number | null = null;
        return client.subscribe('setup', ({ revision, job }) => {
          store.getState().setupTold(revision, job);
          if (revision === known) return;
          if (known !== null) store.getState().presetPlansForgotten();
          known = revision;
          void load(false);
        });
      }),
    choosePython: choose,
    openPython: () =>
      host.choosePython().then(
        () => {},
        // A refusal of the core comes through the host as plain words.
        (error: unknown) => store.getState().noticed('error', sentenceOf(error)),
      ),
    preparePython: prepare,
    cancelPreparing: () => attempt(store, async () => void (await connection.call('setup.cancel', {}))),
    fixSetup(fix) {
      switch (fix) {
        case 'prepare':
        case 'repair':
          return prepare();
        case 'automatic':
          return choose(null);
        case 'reindex':
          return reindex();
        case 'check':
          return load(true);
      }
    },
    async copySetup() {
      const report = store.getState().setup.value;
      if (report !== null) await copy(setupText(report), 'the setup report');
    },
  };
}
