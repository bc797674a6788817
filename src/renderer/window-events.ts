import type { Host } from '../shared/host.ts';
import { type Command, matchesShortcut } from './commands.ts';
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
