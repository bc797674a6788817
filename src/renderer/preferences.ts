import { readPaneShare } from './state/pane-share.ts';
import { readTableLayout, type TableLayout } from './state/table-layout.ts';
import type { CurveAxis, ThemeChoice } from './state/ui-slice.ts';

const DATABASE = 'minibatch-window';
const STORE = 'preferences';
const THEME = 'theme';
const CURVE_AXIS = 'curve-axis';
const PANE_SHARE = 'pane-share';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE));
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

/** Null where nothing was kept, or nothing can be: a private window may refuse storage. */
async function kept(name: string): Promise<unknown> {
  try {
    const database = await open();
    return await new Promise((resolve, reject) => {
      const request = database.transaction(STORE).objectStore(STORE).get(name);
      request.addEventListener('success', () => resolve(request.result));
      request.addEventListener('error', () => reject(request.error));
    });
  } catch {
    return null;
  }
}

async function keep(name: string, value: unknown): Promise<void> {
  try {
    const database = await open();
    database.transaction(STORE, 'readwrite').objectStore(STORE).put(value, name);
  } catch {
    // The choice then lasts as long as the window.
  }
}

/** The theme chosen in this window's browser; `system` where none was chosen. */
export async function loadTheme(): Promise<ThemeChoice> {
  const theme = await kept(THEME);
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

export function saveTheme(theme: ThemeChoice): Promise<void> {
  return keep(THEME, theme);
}

/** What live curves were drawn over last. */
export async function loadCurveAxis(): Promise<CurveAxis> {
  const axis = await kept(CURVE_AXIS);
  if (typeof axis !== 'string') return 'step';
  if (axis.startsWith('metric/')) return axis as CurveAxis;
  return axis === 'clock' || axis === 'relative' ? axis : 'step';
}

export function saveCurveAxis(axis: CurveAxis): Promise<void> {
  return keep(CURVE_AXIS, axis);
}

/** How a person has parted the batch screen. */
export async function loadPaneShare(): Promise<number> {
  return readPaneShare(await kept(PANE_SHARE));
}

export function savePaneShare(share: number): Promise<void> {
  return keep(PANE_SHARE, share);
}

/** How a table was arranged last; `table` names the table and the workload. */
export async function loadTableLayout(table: string): Promise<TableLayout> {
  return readTableLayout(await kept(`table/${table}`));
}

export function saveTableLayout(table: string, layout: TableLayout): Promise<void> {
  return keep(`table/${table}`, layout);
}
