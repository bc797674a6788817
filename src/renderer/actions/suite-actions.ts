import type { Host } from '../../shared/host.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Connection } from '../connect.ts';
import { hashOf, SUITE_WORKLOAD, suiteRoute } from '../state/route.ts';
import type { AppStore } from '../state/store.ts';
import { attempt, sentenceOf } from './attempt.ts';
import { pickFile } from './pick-file.ts';

/** Bytes. A suite is written by hand; what is larger is something else. */
const LARGEST_SUITE = 4 * 2 ** 20;

export interface SuiteActions {
  /** The suites that can be started again. */
  loadSuites(): Promise<void>;
  /** A file that was dropped: opened where the host can, otherwise its text is checked and shown. */
  dropSuite(file: File): Promise<void>;
  /** Lets the person choose a suite file. */
  chooseSuite(): Promise<void>;
  closeDroppedSuite(): void;
}

interface Tools {
  readonly store: AppStore;
  readonly connection: Connection;
  readonly host: Host;
  /** Reads the suite again for a launch screen that shows it. */
  readonly reload: (suite: string) => Promise<void>;
}

export function suiteActions({ store, connection, host, reload }: Tools): SuiteActions {
  async function loadSuites(): Promise<void> {
    try {
      store.getState().suitesArrived((await connection.call('suites.list', {})).suites);
    } catch (error) {
      store.getState().suitesRefused(sentenceOf(error));
    }
  }

  async function show(suite: string): Promise<void> {
    const { form } = store.getState();
    store.getState().suiteDropped(null);
    // Opened anew it is shown as its file has it, whatever was typed before.
    if (form?.suite?.id === suite) store.getState().formReplaced({ ...form, suite: null });
    await loadSuites();
    const address = hashOf(suiteRoute(suite));
    if (location.hash === address) await reload(suite);
    else location.hash = address;
  }

  async function read(file: File): Promise<void> {
    if (file.size > LARGEST_SUITE) throw refusal(`${file.name} is too large for a suite.`);
    const text = await file.text();
    const { check, known } = await connection.call('suites.check', { text });
    if (known !== null) return show(known);
    store.getState().suiteDropped({ name: file.name, text, check });
    location.hash = hashOf({ screen: 'launch', workload: SUITE_WORKLOAD, preset: null });
  }

  return {
    loadSuites,
    dropSuite: (file) =>
      attempt(store, async () => {
        if (!/\.ya?ml$/i.test(file.name))
          throw refusal(`${file.name} is no suite: that is a file whose name ends in .yaml or .yml.`);
        const opened = await fromHost(() => host.openSuite(file));
        await (opened === null ? read(file) : show(opened));
      }),
    chooseSuite: () =>
      attempt(store, async () => {
        if (!host.can.openSuite) {
          const file = await pickFile('.yaml,.yml');
          return file === null ? undefined : read(file);
        }
        const chosen = await fromHost(() => host.chooseSuite());
        if (chosen !== null) await show(chosen);
      }),
    closeDroppedSuite: () => store.getState().suiteDropped(null),
  };
}

/** A host refuses with a sentence for people. */
async function fromHost<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw refusal(sentenceOf(error));
  }
}

function refusal(sentence: string): ExpectedError {
  return new ExpectedError('usage', sentence);
}
