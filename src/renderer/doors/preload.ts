import type { Bridge } from '../../shared/host.ts';
import type { Transport } from '../../shared/transport.ts';

declare global {
  interface Window {
    readonly minibatch?: Bridge;
  }
}

/** The same pipe as a transport. Closing it only stops this page from listening. */
export function openPreload(bridge: Bridge): Transport {
  const stops = new Set<() => void>();
  function keep(stop: () => void): () => void {
    stops.add(stop);
    return () => {
      stops.delete(stop);
      stop();
    };
  }
  return {
    send: (text) => bridge.send(text),
    onMessage: (listener) => keep(bridge.onMessage(listener)),
    onClose: (listener) => keep(bridge.onClose(listener)),
    close() {
      for (const stop of stops) stop();
      stops.clear();
    },
  };
}
