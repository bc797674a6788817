import type { ThemeChoice } from './state/ui-slice.ts';

const DATABASE = 'minibatch-window';
const STORE = 'preferences';
const THEME = 'theme';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

/** The theme chosen in this window's browser; `system` where none was chosen or nothing can be kept. */
export async function loadTheme(): Promise<ThemeChoice> {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const request = database.transaction(STORE).objectStore(STORE).get(THEME);
      request.addEventListener('success', () =>
        resolve(request.result === 'light' || request.result === 'dark' ? request.result : 'system'),
      );
      request.addEventListener('error', () => reject(request.error));
    });
  } catch {
    // A private window may refuse storage; following the system is then the right theme.
    return 'system';
  }
}

export async function saveTheme(theme: ThemeChoice): Promise<void> {
  try {
    const database = await open();
    database.transaction(STORE, 'readwrite').objectStore(STORE).put(theme, THEME);
  } catch {
    // The choice then lasts as long as the window.
  }
}
