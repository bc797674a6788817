import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppState } from './app-state.ts';
import { batchesSlice } from './batches-slice.ts';
import { connectionSlice } from './connection-slice.ts';
import { launchSlice } from './launch-slice.ts';
import { machineSlice } from './machine-slice.ts';
import { presetsSlice } from './presets-slice.ts';
import { resultsSlice } from './results-slice.ts';
import { setupSlice } from './setup-slice.ts';
import { suitesSlice } from './suites-slice.ts';
import { uiSlice } from './ui-slice.ts';

export type AppStore = StoreApi<AppState>;

/** One store for the window. Slices know only themselves; what concerns two of them is worked out by selectors. */
export function createAppStore(): AppStore {
  return createStore<AppState>()((set) => ({
    ...connectionSlice(set),
    ...batchesSlice(set),
    ...launchSlice(set),
    ...presetsSlice(set),
    ...resultsSlice(set),
    ...machineSlice(set),
    ...setupSlice(set),
    ...suitesSlice(set),
    ...uiSlice(set),
  }));
}
