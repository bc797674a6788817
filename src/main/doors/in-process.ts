import { type Client, createClient } from '../../shared/client.ts';
import type { Transport } from '../../shared/transport.ts';
import type { Caller } from '../api/router.ts';

/** Serves one client over a transport; returns how to let go of it. `serveConnection` with its router bound. */
export type Connect = (transport: Transport, caller?: Caller) => () => void;

/** A client in the same process: the command line's door when it opened the core itself. */
export function connectInProcess(connect: Connect): Client {
  const [ours, theirs] = createTransportPair();
  connect(theirs, 'command-line');
  return createClient(ours);
}

/**
 * Two ends of one pipe. Messages arrive in order in a later turn, as over any other pipe, and wait until
 * somebody listens.
 */
export function createTransportPair(): [Transport, Transport] {
  const first = createEnd();
  const second = createEnd();
  first.peer = second;
  second.peer = first;
  return [toTransport(first), toTransport(second)];
}

interface End {
  peer: End | null;
  readonly waiting: string[];
  readonly messages: Set<(text: string) => void>;
  readonly closes: Set<(reason: string) => void>;
  closed: boolean;
  scheduled: boolean;
}

function createEnd(): End {
  return { peer: null, waiting: [], messages: new Set(), closes: new Set(), closed: false, scheduled: false };
}

function schedule(end: End): void {
  if (end.scheduled || end.messages.size === 0) return;
  end.scheduled = true;
  queueMicrotask(() => {
    end.scheduled = false;
    deliver(end);
  });
}

function deliver(end: End): void {
  while (end.waiting.length > 0 && end.messages.size > 0) {
    const batch = end.waiting.splice(0);
    for (const text of batch) for (const listener of end.messages) listener(text);
  }
}

function close(end: End, reason: string): void {
  if (end.closed) return;
  // What was sent before the close still arrives, as on a socket.
  deliver(end);
  end.closed = true;
  for (const listener of end.closes) listener(reason);
}

function toTransport(end: End): Transport {
  return {
    send(text) {
      if (end.closed || end.peer === null || end.peer.closed) return;
      end.peer.waiting.push(text);
      schedule(end.peer);
    },
    onMessage(listener) {
      end.messages.add(listener);
      schedule(end);
      return () => end.messages.delete(listener);
    },
    onClose(listener) {
      end.closes.add(listener);
      return () => end.closes.delete(listener);
    },
    close() {
      const { peer } = end;
      close(end, 'The connection was closed.');
      if (peer !== null) queueMicrotask(() => close(peer, 'The other side closed the connection.'));
    },
  };
}
