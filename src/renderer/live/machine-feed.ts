import type { Client } from '../../shared/client.ts';
import type { MachineSample } from '../../shared/model/hardware.ts';
import type { Connection } from '../connect.ts';
import type { AppStore } from '../state/store.ts';

/** Samples kept for the graphs: an hour at one a second. Longer ranges are asked of the core, thinned. */
const KEPT = 3_600;

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

  function announce(): void {
    for (const listener of listeners) listener();
  }

  function arrived(sample: MachineSample): void {
    samples = [...(samples.length > KEPT ? samples.slice(-KEPT) : samples), sample];
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

  const detach = connection.attach(start);
  return {
    samples: () => samples,
    async load(seconds) {
      const history = (await connection.call('machine.history', { seconds, points: 900 })).samples;
      const last = history.at(-1)?.t ?? 0;
      samples = [...history, ...samples.filter((sample) => sample.t > last)];
      announce();
    },
    onSample(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: detach,
  };
}
