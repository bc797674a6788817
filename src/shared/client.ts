import type {
  CallInput,
  CallName,
  CallOutput,
  TopicItem,
  TopicName,
  WatchItem,
  WatchKey,
  WatchName,
} from './contract/contract.ts';
import { ExpectedError } from './model/error.ts';
import type { Transport } from './transport.ts';
import { type ClientMessage, decodeMessage, encodeMessage, PROTOCOL_VERSION, serverMessage } from './wire.ts';

/** Items a watch may send before the reader has taken any. */
const WATCH_CREDIT = 8;

export interface SubscribeOptions {
  /** Deliver what happened after this `seq` first. */
  readonly since?: number;
  /** The core no longer knows what happened since then: take a new snapshot. */
  readonly onGap?: () => void;
}

export interface WatchOptions<N extends WatchName> {
  readonly key: WatchKey<N>;
  readonly from: number;
  /** Credit is granted again when the returned promise resolves, so a slow reader slows only itself. */
  readonly onItem: (item: WatchItem<N>, next: number) => void | Promise<void>;
  readonly onEnd?: (error: ExpectedError | null) => void;
}

/** The only typed client: command line, window and browser speak through it. */
export interface Client {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Returns how to unsubscribe. */
  subscribe<N extends TopicName>(
    name: N,
    listener: (item: TopicItem<N>) => void,
    options?: SubscribeOptions,
  ): () => void;
  /** Returns how to stop. */
  watch<N extends WatchName>(name: N, options: WatchOptions<N>): () => void;
  onClose(listener: (reason: string) => void): () => void;
  close(): void;
}

interface PendingCall {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

interface OpenStream {
  readonly item: (item: unknown, next: number) => void;
  readonly gap: () => void;
  readonly ended: (error: ExpectedError | null) => void;
}

/** A client over any transport. Pending calls fail with `disconnected` when the pipe closes. */
export function createClient(transport: Transport): Client {
  const pending = new Map<number, PendingCall>();
  const streams = new Map<number, OpenStream>();
  const closeListeners = new Set<(reason: string) => void>();
  let nextId = 1;
  let closed: string | null = null;

  function send(message: ClientMessage): void {
    if (closed === null) transport.send(encodeMessage(message));
  }

  function finish(reason: string): void {
    if (closed !== null) return;
    closed = reason;
    const error = new ExpectedError('disconnected', reason);
    for (const call of pending.values()) call.reject(error);
    for (const stream of streams.values()) stream.ended(error);
    pending.clear();
    streams.clear();
    for (const listener of closeListeners) listener(reason);
  }

  function receive(text: string): void {
    const message = serverMessage.parse(decodeMessage(text));
    switch (message.type) {
      case 'hello':
        if (message.protocol !== PROTOCOL_VERSION) {
          finish(
            `This page speaks protocol ${PROTOCOL_VERSION}, the core ${message.protocol}. Reload the page.`,
          );
          transport.close();
        }
        return;
      case 'reply': {
        const call = pending.get(message.id);
        pending.delete(message.id);
        if (message.reply.ok) call?.resolve(message.reply.value as never);
        else call?.reject(new ExpectedError(message.reply.error.code, message.reply.error.message));
        return;
      }
      case 'topic':
        streams.get(message.id)?.item(message.item, 0);
        return;
      case 'gap':
        streams.get(message.id)?.gap();
        return;
      case 'item':
        streams.get(message.id)?.item(message.item, message.next);
        return;
      case 'ended': {
        const stream = streams.get(message.id);
        streams.delete(message.id);
        stream?.ended(message.error && new ExpectedError(message.error.code, message.error.message));
        return;
      }
    }
  }

  function open(stream: OpenStream, request: (id: number) => ClientMessage): () => void {
    if (closed !== null) {
      stream.ended(new ExpectedError('disconnected', closed));
      return () => {};
    }
    const id = nextId++;
    streams.set(id, stream);
    send(request(id));
    return () => {
      if (streams.delete(id)) send({ type: 'end', id });
    };
  }

  transport.onMessage(receive);
  transport.onClose(finish);
  send({ type: 'hello', protocol: PROTOCOL_VERSION });

  return {
    call(name, input) {
      if (closed !== null) return Promise.reject(new ExpectedError('disconnected', closed));
      const id = nextId++;
      return new Promise((resolve, reject) => {
        pending.set(id, { resolve: resolve as PendingCall['resolve'], reject });
        send({ type: 'call', id, method: name, input });
      });
    },
    subscribe(name, listener, options = {}) {
      return open(
        {
          item: (item) => listener(item as never),
          gap: () => options.onGap?.(),
          ended: () => {},
        },
        (id) => ({
          type: 'subscribe',
          id,
          topic: name,
          ...(options.since === undefined ? {} : { since: options.since }),
        }),
      );
    },
    watch(name, options) {
      let streamId = -1;
      return open(
        {
          item: (item, next) => {
            void Promise.resolve(options.onItem(item as never, next)).then(() => {
              if (streams.has(streamId)) send({ type: 'credit', id: streamId, credit: 1 });
            });
          },
          gap: () => {},
          ended: (error) => options.onEnd?.(error),
        },
        (id) => {
          streamId = id;
          return {
            type: 'watch',
            id,
            watch: name,
            key: options.key,
            from: options.from,
            credit: WATCH_CREDIT,
          };
        },
      );
    },
    onClose(listener) {
      closeListeners.add(listener);
      return () => closeListeners.delete(listener);
    },
    close() {
      transport.close();
      finish('The connection was closed.');
    },
  };
}
