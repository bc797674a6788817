import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow, dialog, ipcMain, shell, type WebContents } from 'electron';
import { z } from 'zod';
import type { Client } from '../shared/client.ts';
import { CHANNELS } from '../shared/host.ts';
import { isOurSender } from './doors/electron-ipc.ts';

const target = z.strictObject({
  batch: z.string().min(1),
  index: z.number().int().nonnegative().optional(),
  attempt: z.number().int().min(1).optional(),
});
type Target = z.infer<typeof target>;

const request = z.union([
  z.tuple([z.enum(['reveal', 'open']), target]),
  z.tuple([z.literal('open-suite'), z.string().min(1)]),
  z.tuple([z.enum(['choose-suite', 'choose-python'])]),
]);

/** Answers what a page may ask of the system: folders, named by ids, and suite files, told as ids. Returns how to stop. */
export function serveHost(client: Client): () => void {
  ipcMain.handle(CHANNELS.host, async (event, ...args: unknown[]) => {
    if (!isOurSender(event)) throw new Error('Only the window may ask this.');
    const asked = request.parse(args);
    switch (asked[0]) {
      case 'open-suite':
        return openSuite(client, asked[1]);
      case 'choose-suite':
        return chooseSuite(client, event.sender);
      case 'choose-python':
        return choosePython(client, event.sender);
      case 'reveal':
      case 'open':
        await showFolder(await folderOf(client, asked[1]), asked[0]);
        return null;
    }
  });
  return () => ipcMain.removeHandler(CHANNELS.host);
}

async function showFolder(folder: string, verb: 'reveal' | 'open'): Promise<void> {
  if (!existsSync(folder)) throw new Error(`The folder ${folder} is gone.`);
  if (verb === 'reveal') {
    shell.showItemInFolder(folder);
    return;
  }
  const problem = await shell.openPath(folder);
  if (problem !== '') throw new Error(`The folder ${folder} could not be opened: ${problem}`);
}

/** The path comes from the preload script, which has it from the file that a person dropped. */
async function openSuite(client: Client, path: string): Promise<string> {
  return (await client.call('suites.open', { path })).suite;
}

async function chooseSuite(client: Client, page: WebContents): Promise<string | null> {
  const path = await choosePath(page, {
    title: 'Open a suite',
    buttonLabel: 'Open',
    properties: ['openFile'],
    filters: [{ name: 'Suites', extensions: ['yaml', 'yml'] }],
  });
  return path === null ? null : openSuite(client, path);
}

/** A program, or the folder of an environment; those begin with a dot as often as not. */
async function choosePython(client: Client, page: WebContents): Promise<string | null> {
  const path = await choosePath(page, {
    title: 'Choose a Python',
    message: 'The program of a Python, or the folder of an environment.',
    buttonLabel: 'Choose',
    properties: ['openFile', 'openDirectory', 'showHiddenFiles', 'noResolveAliases'],
  });
  return path === null ? null : (await client.call('setup.open', { path })).python;
}

/** The path goes to the core and never to the page. */
async function choosePath(page: WebContents, options: Electron.OpenDialogOptions): Promise<string | null> {
  const window = BrowserWindow.fromWebContents(page);
  const { filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options));
  return filePaths[0] ?? null;
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
