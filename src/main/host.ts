import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ipcMain, shell } from 'electron';
import { z } from 'zod';
import type { Client } from '../shared/client.ts';
import { CHANNELS } from '../shared/host.ts';
import { isOurSender } from './doors/electron-ipc.ts';

const request = z.tuple([
  z.enum(['reveal', 'open']),
  z.strictObject({
    batch: z.string().min(1),
    index: z.number().int().nonnegative().optional(),
    attempt: z.number().int().min(1).optional(),
  }),
]);
type Target = z.infer<typeof request>[1];

/** Answers what a page may ask of the system: to show folders, named by ids. Returns how to stop. */
export function serveHost(client: Client): () => void {
  ipcMain.handle(CHANNELS.host, async (event, ...args: unknown[]) => {
    if (!isOurSender(event)) throw new Error('Only the window may ask this.');
    const [verb, target] = request.parse(args);
    const folder = await folderOf(client, target);
    if (!existsSync(folder)) throw new Error(`The folder ${folder} is gone.`);
    if (verb === 'reveal') {
      shell.showItemInFolder(folder);
      return;
    }
    const problem = await shell.openPath(folder);
    if (problem !== '') throw new Error(`The folder ${folder} could not be opened: ${problem}`);
  });
  return () => ipcMain.removeHandler(CHANNELS.host);
}

/** The core knows the ids it gave out; an unknown one is refused by it. */
async function folderOf(client: Client, { batch, index, attempt }: Target): Promise<string> {
  if (index !== undefined) {
    const run = await client.call('runs.get', {
      batch,
      index,
      ...(attempt === undefined ? {} : { attempt }),
    });
    return run.folder;
  }
  const { detail } = await client.call('batches.get', { batch });
  const { workspace } = await client.call('app.info', {});
  return join(workspace, 'batches', detail.batch.id);
}
