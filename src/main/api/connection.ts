import {
  type TopicName,
  topics,
  type WatchItem,
  type WatchName,
  watches,
} from '../../shared/contract/contract.ts';
import { type ErrorData, ExpectedError } from '../../shared/model/error.ts';
import type { Transport } from '../../shared/transport.ts';
import {
  type ClientMessage,
  clientMessage,
  decodeMessage,
  encodeMessage,
  PROTOCOL_VERSION,
  type ServerMessage,
} from '../../shared/wire.ts';
import { sentenceOfIssues } from './input-problem.ts';
import {
  type Caller,
  dispatch,
  errorToData,
  type Router,
  type TopicSource,
  type WatchSource,
} from './router.ts';
import { createWatchStream, type WatchStream } from './watch-stream.ts';

type Of<T extends ClientMessage['type']> = Extract<ClientMessage, { type: T }>;

/** Streams one connection may hold; a window uses about ten. */
const MAXIMUM_STREAMS = 1_000;

/**
 * The server side of the wire over any transport. Returns how to let go of the client; when the transport
 * closes, its subscriptions and watches end by themselves.
 */
export function serveConnection(router: Router, transport: Transport, caller: Caller = 'page'): () => void {
  const subscriptions = new Map<number, () => void>();
  const streams = new Map<number, WatchStream>();
  let greeted = false;
  let open = true;

  function send(message: ServerMessage): void {
    if (open) transport.send(encodeMessage(message));
  }

  function ended(id: number, error: ErrorData | null): void {
    send({ type: 'ended', id, error });
  }

  function letGo(): void {
    if (!open) return;
    open = false;
    for (const stop of subscriptions.values()) stop();
    for (const stream of streams.values()) stream.stop();
    subscriptions.clear();
    streams.clear();
    stopListening();
  }

  /** A client that speaks nonsense cannot be answered by id, so it is told once and let go. */
  function refuse(message: string): void {
    ended(0, { code: 'protocol', message });
    letGo();
    transport.close();
  }

  function greet(message: Of<'hello'>): void {
    greeted = true;
    send({ type: 'hello', protocol: PROTOCOL_VERSION, version: router.version });
    if (message.protocol !== PROTOCOL_VERSION) {
      refuse(
        `This core speaks protocol ${PROTOCOL_VERSION}, the client ${message.protocol}. Reload or update the client.`,
      );
    }
  }

  async function call(message: Of<'call'>): Promise<void> {
    const reply = await dispatch(router, { method: message.method, input: message.input, caller });
    try {
      send({ type: 'reply', id: message.id, reply });
    } catch (error) {
      // A value that cannot be encoded (a bare NaN, say) must not leave the caller waiting for ever.
      send({
        type: 'reply',
        id: message.id,
        reply: { ok: false, error: errorToData(router, error, message.method) },
      });
    }
  }

  function isFree(id: number): boolean {
    if (subscriptions.has(id) || streams.has(id)) {
      refuse(`The stream id ${id} is in use already.`);
      return false;
    }
    if (subscriptions.size + streams.size < MAXIMUM_STREAMS) return true;
    ended(id, {
      code: 'not-possible-now',
      message: `This connection holds ${MAXIMUM_STREAMS} streams; end some first.`,
    });
    return false;
  }

  function subscribe(message: Of<'subscribe'>): void {
    if (!isFree(message.id)) return;
    if (!Object.hasOwn(topics, message.topic)) {
      return ended(message.id, { code: 'unknown-method', message: `There is no topic "${message.topic}".` });
    }
    const source = router.topics[message.topic as TopicName] as TopicSource<unknown>;
    if (message.since !== undefined) {
      const history = source.since?.(message.since) ?? null;
      if (history === null) send({ type: 'gap', id: message.id });
      else for (const item of history) send({ type: 'topic', id: message.id, item });
    }
    // Nothing can be published between the history above and this line: both run in one turn.
    subscriptions.set(
      message.id,
      source.subscribe((item) => send({ type: 'topic', id: message.id, item })),
    );
  }

  function watch(message: Of<'watch'>): void {
    if (!isFree(message.id)) return;
    const { id } = message;
    const name = message.watch;
    if (!Object.hasOwn(watches, name)) {
      return ended(id, { code: 'unknown-method', message: `There is no watch "${name}".` });
    }
    const key = watches[name as keyof typeof watches].key.safeParse(message.key);
    if (!key.success) return ended(id, { code: 'usage', message: sentenceOfIssues(name, key.error) });
    const source: WatchSource<WatchName> = router.watches[name as WatchName];
    const stream = createWatchStream<WatchItem<WatchName>>({
      open: (signal) => source(key.data, message.from, signal),
      credit: message.credit,
      onItem: (step) => send({ type: 'item', id, item: step.item, next: step.next }),
      onEnd: (error) => {
        streams.delete(id);
        ended(id, error === null ? null : errorToData(router, error, name));
      },
    });
    streams.set(id, stream);
  }

  function end(id: number): void {
    subscriptions.get(id)?.();
    subscriptions.delete(id);
    streams.get(id)?.stop();
    streams.delete(id);
  }

  function receive(text: string): void {
    if (!open) return;
    const message = parseMessage(text);
    if (message instanceof ExpectedError) return refuse(message.message);
    if (!greeted && message.type !== 'hello')
      return refuse('The first message of a connection must be "hello".');
    switch (message.type) {
      case 'hello':
        return greet(message);
      case 'call':
        return void call(message);
      case 'subscribe':
        return subscribe(message);
      case 'watch':
        return watch(message);
      case 'credit':
        return streams.get(message.id)?.grant(message.credit);
      case 'end':
        return end(message.id);
    }
  }

  const stopMessages = transport.onMessage(receive);
  const stopClose = transport.onClose(letGo);
  function stopListening(): void {
    stopMessages();
    stopClose();
  }

  return () => {
    letGo();
    transport.close();
  };
}

function parseMessage(text: string): ClientMessage | ExpectedError {
  try {
    const parsed = clientMessage.safeParse(decodeMessage(text));
    if (parsed.success) return parsed.data;
    return new ExpectedError('protocol', sentenceOfIssues('a message', parsed.error));
  } catch {
    return new ExpectedError('protocol', 'A message is not JSON.');
  }
}
