import type { Host } from '../shared/host.ts';
import type { BatchRecord } from '../shared/model/batch.ts';
import { type Command, matchesShortcut } from './commands.ts';
import type { Connection } from './connect.ts';
import { pageTitle } from './state/page-title.ts';
import { routeOf } from './state/route.ts';
import type { AppStore } from './state/store.ts';
import { shownTheme } from './state/ui-slice.ts';
import { isMac } from './widgets/platform.ts';

/** Keeps the drawn theme in step with the choice and the system. Returns how to stop. */
export function followTheme(store: AppStore): () => void {
  const query = matchMedia('(prefers-color-scheme: dark)');
  function system(): void {
    store.getState().systemThemeChanged(query.matches ? 'dark' : 'light');
  }
  function draw(): void {
    const { dataset } = document.documentElement;
    const theme = shownTheme(store.getState());
    // Called at every change of anything.
    if (dataset['theme'] !== theme) dataset['theme'] = theme;
  }
  query.addEventListener('change', system);
  const stop = store.subscribe(draw);
  system();
  draw();
  return () => {
    query.removeEventListener('change', system);
    stop();
  };
}

/** How often a page that nobody sees asks how far the work is, in milliseconds: its tab is all that is looked at then. */
const HIDDEN_PACE = 15_000;

/** Keeps the title of the page in step with the work. Returns how to stop. */
export function followTitle(store: AppStore, connection: Connection): () => void {
  function draw(batches: Iterable<BatchRecord>): void {
    const title = pageTitle(batches);
    // Called at every change of anything.
    if (document.title !== title) document.title = title;
  }
  const stop = store.subscribe(({ batches }) => draw(Object.values(batches ?? {})));
  // A page that nobody sees follows no batch.
  const detach = connection.attach(
    (client) => {
      async function ask(): Promise<void> {
        if (document.visibilityState === 'visible') return;
        // A closed pipe reports itself.
        const answer = await client.call('batches.list', {}).catch(() => null);
        if (answer !== null) draw(answer.batches);
      }
      const timer = setInterval(() => void ask(), HIDDEN_PACE);
      return () => clearInterval(timer);
    },
    { lasting: true },
  );
  return () => {
    stop();
    detach();
  };
}

/** Keeps the route in step with the address. Returns how to stop. */
export function followRoute(store: AppStore): () => void {
  function read(): void {
    store.getState().routeChanged(routeOf(location.hash));
  }
  addEventListener('hashchange', read);
  read();
  return () => removeEventListener('hashchange', read);
}

/** Runs a command when its shortcut is pressed; `/` goes to the filter of the screen. Returns how to stop. */
export function followKeys(commands: () => readonly Command[]): () => void {
  function pressed(event: KeyboardEvent): void {
    if (event.key === '/' && !isTyping(event.target)) {
      const filter = document.querySelector<HTMLInputElement>('[data-filter]');
      if (!filter) return;
      event.preventDefault();
      filter.focus();
      filter.select();
      return;
    }
    const command = commands().find(
      (candidate) => candidate.shortcut && matchesShortcut(event, candidate.shortcut, isMac()),
    );
    // A single sign belongs to the text where somebody types.
    if (!command || (command.shortcut?.length === 1 && isTyping(event.target))) return;
    event.preventDefault();
    if (command.enabled) command.run();
  }
  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}

/** Runs the command that was chosen in the application menu. Returns how to stop. */
export function followMenu(host: Host, commands: () => readonly Command[]): () => void {
  return host.onCommand((id) => {
    const command = commands().find((candidate) => candidate.id === id);
    if (command?.enabled) command.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLInputElement ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement
  );
}
