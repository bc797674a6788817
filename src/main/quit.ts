import { app, dialog } from 'electron';
import type { Client } from '../shared/client.ts';
import { type Activity, activitySentence } from './activity.ts';

const ANSWERS = ['Keep Running', 'Stop at Checkpoint', 'Cancel'] as const;
const KEEP = 0;
const STOP = 1;
const CANCEL = 2;

export interface QuitOptions {
  readonly client: Client;
  readonly activity: () => Activity;
  /** Resolves when nothing goes on any more. */
  readonly resting: () => Promise<void>;
  /** Lets go of everything; live runs go on under their supervisors. */
  readonly close: () => Promise<void>;
}

/** Asks before quitting while runs live, and lets go of the core before the process ends. */
export function askBeforeQuit({ client, activity, resting, close }: QuitOptions): void {
  let state: 'open' | 'asking' | 'closed' = 'open';

  async function quit(): Promise<void> {
    const sentence = activitySentence(activity());
    const answer = sentence === null ? KEEP : await ask(sentence);
    if (answer === CANCEL) {
      state = 'open';
      return;
    }
    if (answer === STOP) {
      for (const { id } of activity().batches)
        await client.call('batches.stop', { batch: id, mode: 'checkpoint' });
      await resting();
    }
    await close();
    state = 'closed';
    app.quit();
  }

  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'asking') return;
    state = 'asking';
    quit().catch((error: unknown) => {
      state = 'open';
      dialog.showErrorBox('Minibatch could not quit', error instanceof Error ? error.message : String(error));
    });
  });
}

async function ask(sentence: string): Promise<number> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `${sentence} would go on without the window.`,
    detail:
      'Runs that keep running are found again at the next start. Stopping waits until each has saved a checkpoint.',
    buttons: [...ANSWERS],
    defaultId: KEEP,
    cancelId: CANCEL,
  });
  return response;
}
