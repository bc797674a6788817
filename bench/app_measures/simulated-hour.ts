import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { WebSocket, WebSocketServer } from 'ws';
import type { MachineSample } from '../../src/shared/model/hardware.ts';

interface Message {
  readonly type: string;
  readonly id: number;
  readonly method?: string;
  readonly topic?: string;
  readonly item?: MachineSample;
  readonly reply?: { readonly ok: boolean; readonly value: { samples?: MachineSample[] } };
}

/** Samples of a history that the page asks for. */
const ASKED = 900;

/** Time that runs as fast as the bench wants, on a page that is otherwise connected to the real core. */
export interface SimulatedTime {
  /** Samples of the machine one simulated second apart, `count` of them, `gap` milliseconds apart. */
  tick(count: number, gap: number): Promise<void>;
  /** The newest sample. */
  sample(): MachineSample | null;
  close(): void;
}

/**
 * Stands between page and core: history is stretched to an hour, and live samples are replaced by simulated ones. What
 * the page gets comes through a socket of its own, as it does from the core.
 */
export async function simulateTime(page: Page, core: string): Promise<SimulatedTime> {
  let send: (text: string) => void = () => {};
  let subscription = -1;
  let last: MachineSample | null = null;
  const histories = new Set<number>();

  const between = await divertSocket(page, (socket, { url, headers }) => {
    const { cookie = '', origin = '' } = headers;
    const server = new WebSocket(`${core.replace('http', 'ws')}${url}`, { headers: { cookie, origin } });
    const early: string[] = [];
    send = (text) => socket.send(text);
    server.on('open', () => early.splice(0).forEach((text) => server.send(text)));
    server.on('close', () => socket.close());
    socket.on('close', () => server.close());
    socket.on('message', (data) => {
      const text = String(data);
      const message = JSON.parse(text) as Message;
      if (message.method === 'machine.history') histories.add(message.id);
      if (message.topic === 'machine') subscription = message.id;
      if (server.readyState === WebSocket.OPEN) server.send(text);
      else early.push(text);
    });
    server.on('message', (data) => {
      const text = String(data);
      const message = JSON.parse(text) as Message;
      if (message.type === 'topic' && message.id === subscription) {
        last ??= message.item ?? null;
        return;
      }
      const isHistory = message.type === 'reply' && histories.has(message.id);
      socket.send(isHistory ? JSON.stringify(stretched(message)) : text);
    });
  });

  /** The reply as a core that has run for an hour would give it: as many samples as were asked for. */
  function stretched(message: Message): Message {
    const sample = message.reply?.value.samples?.at(-1) ?? last;
    if (sample === null || sample === undefined) return message;
    last = sample;
    const samples = Array.from({ length: ASKED }, (_, at) =>
      wobbled(sample, ((at - ASKED + 1) * 3_600) / ASKED),
    );
    return { ...message, reply: { ok: true, value: { samples } } };
  }

  return {
    sample: () => last,
    async tick(count, gap) {
      for (let at = 0; at < count; at += 1) {
        if (last === null) throw new Error('The core has sent no sample yet.');
        last = wobbled(last, 1);
        send(JSON.stringify({ type: 'topic', id: subscription, item: last }));
        await new Promise((resolve) => setTimeout(resolve, gap));
      }
    },
    close: between,
  };
}

/** Leads the socket of a page here instead of to where it came from, from its next navigation on. Returns how to end it. */
async function divertSocket(
  page: Page,
  onConnection: (socket: WebSocket, request: IncomingMessage) => void,
): Promise<() => void> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', onConnection);
  const { port } = server.address() as AddressInfo;
  await page.addInitScript((here) => {
    const Original = globalThis.WebSocket;
    globalThis.WebSocket = class extends Original {
      constructor(url: string | URL, protocols?: string | string[]) {
        const address = new URL(url, location.href);
        address.port = String(here);
        super(address, protocols);
      }
    };
  }, port);
  return () => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  };
}

/**
 * The same number of samples sent to a page that parses them and shows nothing: what a tick costs without graphs. The
 * page opens the socket itself; nothing is connected behind it.
 */
export async function tickEmptyPage(page: Page, sample: MachineSample): Promise<SimulatedTime> {
  let send: (text: string) => void = () => {};
  const close = await divertSocket(page, (socket) => {
    send = (text) => socket.send(text);
  });
  await page.reload();
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/socket`);
        socket.addEventListener('message', (event) => JSON.parse(String(event.data)) as unknown);
        socket.addEventListener('open', () => resolve());
      }),
  );
  return {
    sample: () => sample,
    async tick(count, gap) {
      for (let at = 0; at < count; at += 1) {
        send(JSON.stringify({ type: 'topic', id: 1, item: wobbled(sample, at) }));
        await new Promise((resolve) => setTimeout(resolve, gap));
      }
    },
    close,
  };
}

/** A sample at another second whose figures move, so that every line has to be drawn anew. */
function wobbled(sample: MachineSample, after: number): MachineSample {
  const wave = 50 + 40 * Math.sin((sample.t + after) / 37);
  return {
    ...sample,
    t: sample.t + after,
    cpuPercent: wave,
    perCore: sample.perCore.map((_percent, core) => Math.min(100, wave + core)),
  };
}
