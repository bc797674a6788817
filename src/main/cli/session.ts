import { setTimeout as wait } from 'node:timers/promises';
import { createClient } from '../../shared/client.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { connectInProcess, type Connect } from '../doors/in-process.ts';
import { connectLocal } from '../doors/local-socket.ts';
import { workspaceHolder } from '../platform/workspace-lock.ts';
import type { Session } from './command.ts';

/** The part of the composed app that a session needs. */
export interface SessionApp {
  readonly connect: Connect;
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** How long a holder may take to open its door, or to let go of the workspace when it ends. */
const PATIENCE_MILLISECONDS = 8_000;
const PAUSE_MILLISECONDS = 60;

/**
 * Opens the core of a workspace in this process, or connects to the process that holds it. A holder that is
 * just starting or just ending is waited for. Throws ExpectedError('workspace-held') when it never answers.
 */
export async function openSession(workspace: string, openApp: () => Promise<SessionApp>): Promise<Session> {
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    try {
      return ownSession(await openApp());
    } catch (error) {
      if (!(error instanceof ExpectedError) || error.code !== 'workspace-held') throw error;
      const session = await remoteSession(workspace);
      if (session !== null) return session;
      if (performance.now() > deadline) throw error;
    }
    await wait(PAUSE_MILLISECONDS);
  }
}

function ownSession(app: SessionApp): Session {
  const client = connectInProcess(app.connect);
  return {
    client,
    mode: 'own',
    connect: app.connect,
    idle: () => app.idle(),
    async close() {
      client.close();
      await app.close();
    },
  };
}

async function remoteSession(workspace: string): Promise<Session | null> {
  const address = workspaceHolder(workspace)?.address ?? null;
  if (address === null) return null;
  try {
    const client = createClient(await connectLocal(address));
    // A holder that is about to end may still accept; only an answer shows that it is there.
    await client.call('app.info', {});
    return { client, mode: 'remote', connect: null, idle: async () => {}, close: async () => client.close() };
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'disconnected') return null;
    throw error;
  }
}
