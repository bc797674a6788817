import type { Client } from '../../shared/client.ts';
import type { MachineSample } from '../../shared/model/hardware.ts';
import type { Connection } from '../connect.ts';
import type { AppStore } from '../state/store.ts';

/** Samples asked for; the core thins them to about so many. */
const POINTS = 900;

/** With more than this the history is asked for again, so that a window left open draws no more than it can show. */
const KEPT = 2 * POINTS;

/** Recent machine samples, outside React so that a graph costs one draw and no reconciliation. */
export interface MachineFeed {
  samples(): readonly MachineSample[];
  /** Replaces the history by what the core has for a range in seconds. */
  load(seconds: number): Promise<void>;
  onSample(listener: () => void): () => void;
  close(): void;
}

/** Listens as long as the window is open: the meters at the foot of the sidebar need it on every screen. */
export function createMachineFeed(connection: Connection, store: AppStore): MachineFeed {
  const listeners = new Set<() => void>();
  let samples: readonly MachineSample[] = [];
  let range = POINTS;
  let loading = false;

  function announce(): void {
    for (const listener of listeners) listener();
  }

  function arrived(sample: MachineSample): void {
    samples = [...(samples.length > 2 * KEPT ? samples.slice(-KEPT) : samples), sample];
    // Without an answer the list is cut above.
    if (samples.length > KEPT && !loading) load(range).catch(() => {});
    store.getState().sampleArrived(sample);
    announce();
  }

  function start(client: Client): () => void {
    const stop = client.subscribe('machine', arrived);
    void client.call('machine.facts', {}).then(store.getState().hardwareArrived, reportRefusal);
    return stop;
  }

  function reportRefusal(error: unknown): void {
    if (store.getState().connection.kind === 'open') store.getState().noticed('warning', String(error));
  }

  async function load(seconds: number): Promise<void> {
    range = seconds;
    loading = true;
    try {
      const history = (await connection.call('machine.history', { seconds, points: POINTS })).samples;
      const last = history.at(-1)?.t ?? 0;
      samples = [...history, ...samples.filter((sample) => sample.t > last)];
      announce();
    } finally {
      loading = false;
    }
  }

  const detach = connection.attach(start);
  return {
    samples: () => samples,
    load,
    onSample(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: detach,
  };
}
