import { type Client, createClient } from '../shared/client.ts';
import type { CallInput, CallName, CallOutput } from '../shared/contract/contract.ts';
import { ExpectedError } from '../shared/model/error.ts';
import type { Door } from './doors/pick.ts';
import { gatherChanges } from './live/gathered-changes.ts';
import type { AppStore } from './state/store.ts';

/** Pauses between attempts to reconnect, in milliseconds; the last one repeats. */
const RETRY_PAUSES = [250, 500, 1_000, 2_000, 4_000];

/** How long a call made while disconnected waits for the connection before it fails, in milliseconds. */
const CALL_PATIENCE = 10_000;

/** A page that nobody sees lets go of what it follows after this long, in milliseconds; coming back takes a snapshot. */
const HIDDEN_PATIENCE = 10_000;

/** Whether anybody can see the page. */
export interface Visibility {
  readonly visible: boolean;
  /** Returns how to stop listening. */
  onChange(listener: () => void): () => void;
}

/** The page's own. */
export const pageVisibility: Visibility = {
  get visible() {
    return document.visibilityState === 'visible';
  },
  onChange(listener) {
    document.addEventListener('visibilitychange', listener);
    return () => document.removeEventListener('visibilitychange', listener);
  },
};

export interface Connection {
  /** Calls through the current client; waits a while for one when the connection is down. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /**
   * Runs `start` with the current client and again with every later one; what it returns stops it. It is stopped as
   * well while nobody can see the page, unless it is `lasting`. Returns how to detach.
   */
  attach(start: (client: Client) => () => void, options?: { readonly lasting: boolean }): () => void;
  close(): void;
}

interface Attachment {
  readonly start: (client: Client) => () => void;
  readonly lasting: boolean;
  stop: (() => void) | null;
}

/**
 * Keeps a client alive: opens the door, mirrors snapshot and changes into the store, and starts again when
 * the pipe closes. A reload and a lost connection take the same way, so neither loses a change.
 */
export function connect(door: Door, store: AppStore, visibility = pageVisibility): Connection {
  const attachments = new Set<Attachment>();
  const waiting = new Set<(client: Client) => void>();
  let client: Client | null = null;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  let seen = visibility.visible;
  let hiding: ReturnType<typeof setTimeout> | undefined;

  function stopAll(): void {
    for (const attachment of attachments) {
      attachment.stop?.();
      attachment.stop = null;
    }
  }

  /** Starts what is to go on now, or stops it. */
  function settle(attachment: Attachment): void {
    if (client && (seen || attachment.lasting)) {
      attachment.stop ??= attachment.start(client);
    } else {
      attachment.stop?.();
      attachment.stop = null;
    }
  }

  function look(): void {
    clearTimeout(hiding);
    function take(): void {
      seen = visibility.visible;
      for (const attachment of attachments) settle(attachment);
    }
    if (visibility.visible) take();
    else hiding = setTimeout(take, HIDDEN_PATIENCE);
  }

  function lost(reason: string): void {
    stopAll();
    client = null;
    if (closed) return;
    store.getState().connectionLost(reason);
    const pause = RETRY_PAUSES[Math.min(attempt, RETRY_PAUSES.length - 1)] ?? 1_000;
    attempt += 1;
    timer = setTimeout(() => void open(), pause);
  }

  async function open(): Promise<void> {
    let opened: Client;
    try {
      opened = createClient(await door.open());
      // A first reply proves that both sides speak the same protocol.
      store.getState().infoArrived(await opened.call('app.info', {}));
    } catch (error) {
      lost(error instanceof ExpectedError ? error.message : String(error));
      return;
    }
    if (closed) {
      opened.close();
      return;
    }
    client = opened;
    attempt = 0;
    opened.onClose(lost);
    store.getState().connectionOpened();
    for (const attachment of attachments) settle(attachment);
    for (const resume of waiting) resume(opened);
    waiting.clear();
  }

  function current(): Promise<Client> {
    if (client) return Promise.resolve(client);
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        waiting.delete(resume);
        reject(
          new ExpectedError(
            'disconnected',
            'Minibatch cannot be reached. It may have been closed; start it again.',
          ),
        );
      }, CALL_PATIENCE);
      function resume(arrived: Client): void {
        clearTimeout(patience);
        resolve(arrived);
      }
      waiting.add(resume);
    });
  }

  const connection: Connection = {
    call: async (name, input) => (await current()).call(name, input),
    attach(start, { lasting } = { lasting: false }) {
      const attachment: Attachment = { start, lasting, stop: null };
      attachments.add(attachment);
      settle(attachment);
      return () => {
        attachments.delete(attachment);
        attachment.stop?.();
      };
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(hiding);
      stopLooking();
      stopAll();
      client?.close();
    },
  };
  const stopLooking = visibility.onChange(look);
  connection.attach((opened) => followBatches(opened, store));
  // Notices told to nobody would all be told again at each return.
  connection.attach(
    (opened) => opened.subscribe('notice', (notice) => store.getState().noticed(notice.level, notice.text)),
    { lasting: true },
  );
  void open();
  return connection;
}

/** Snapshot of all batches, then their changes; a gap takes a new snapshot. */
function followBatches(client: Client, store: AppStore): () => void {
  let unsubscribe = (): void => {};
  let stopped = false;
  const gathered = gatherChanges((set) => store.getState().changesArrived(set));

  async function snapshot(): Promise<void> {
    const { seq, batches } = await client.call('batches.list', {});
    if (stopped) return;
    const state = store.getState();
    state.batchesArrived(seq, batches);
    unsubscribe();
    gathered.stop();
    unsubscribe = client.subscribe('changes', gathered.take, {
      since: seq,
      onGap: () => void start(),
    });
    for (const id of Object.keys(state.details)) void refetch(id);
  }

  /** A screen that was open while the connection was down gets its batch anew. */
  async function refetch(id: string): Promise<void> {
    store.getState().detailRequested(id);
    try {
      const reply = await client.call('batches.get', { batch: id });
      store.getState().detailArrived(reply.seq, reply.detail);
    } catch (error) {
      store.getState().detailFailed(id, error instanceof Error ? error.message : String(error));
    }
  }

  async function start(): Promise<void> {
    try {
      await snapshot();
    } catch (error) {
      // A closed pipe reports itself; anything else is shown.
      if (error instanceof ExpectedError && error.code === 'disconnected') return;
      store.getState().noticed('error', error instanceof Error ? error.message : String(error));
    }
  }

  void start();
  return () => {
    stopped = true;
    unsubscribe();
    gathered.stop();
  };
}
