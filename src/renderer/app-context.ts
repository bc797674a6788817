import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Host } from '../shared/host.ts';
import type { Actions } from './actions.ts';
import type { Command } from './commands.ts';
import type { Connection } from './connect.ts';
import type { MachineFeed } from './live/machine-feed.ts';
import type { AppState } from './state/app-state.ts';
import type { AppStore } from './state/store.ts';

/** What every component may reach: built once in main.tsx and handed down. */
export interface AppTools {
  readonly store: AppStore;
  readonly actions: Actions;
  readonly connection: Connection;
  /** What the surroundings of the page can do; ask `host.can` before offering it. */
  readonly host: Host;
  readonly machine: MachineFeed;
  /** The commands as they stand now; depends on the screen and the batch shown. */
  readonly commands: () => readonly Command[];
}

export const AppContext = createContext<AppTools | null>(null);

/** Stable for the life of the window: reading it never draws a component again. */
export function useApp(): AppTools {
  const tools = useContext(AppContext);
  if (tools === null) throw new Error('A component was drawn outside AppContext.');
  return tools;
}

/** A part of the state; the component is drawn again when that part changes. */
export function useAppState<T>(select: (state: AppState) => T): T {
  return useStore(useApp().store, select);
}
