import { loadTableLayout, saveCurveAxis, savePaneShare, saveTableLayout, saveTheme } from '../preferences.ts';
import { hashOf, type Route } from '../state/route.ts';
import type { AppStore } from '../state/store.ts';
import type { TableLayout } from '../state/table-layout.ts';
import type { CurveAxis, ThemeChoice } from '../state/ui-slice.ts';

export interface UiActions {
  go(route: Route): void;
  /** Changes the address without a new entry in the history: selections inside a screen. */
  refine(route: Route): void;
  chooseTheme(theme: ThemeChoice): void;
  chooseCurveAxis(axis: CurveAxis): void;
  choosePaneShare(share: number): void;
  /** Reads how a table was arranged, once. */
  ensureTableLayout(table: string): Promise<void>;
  layTable(table: string, layout: TableLayout): void;
}

/** The address is the only place that says where the window is, so going somewhere means changing it. */
export function uiActions(store: AppStore): UiActions {
  return {
    go(route) {
      location.hash = hashOf(route);
    },
    refine(route) {
      history.replaceState(null, '', hashOf(route));
      store.getState().routeChanged(route);
    },
    chooseTheme(theme) {
      store.getState().themeChosen(theme);
      void saveTheme(theme);
    },
    chooseCurveAxis(axis) {
      store.getState().curveAxisChosen(axis);
      void saveCurveAxis(axis);
    },
    choosePaneShare(share) {
      store.getState().paneShareChosen(share);
      void savePaneShare(share);
    },
    async ensureTableLayout(table) {
      if (store.getState().tableLayouts[table] !== undefined) return;
      const layout = await loadTableLayout(table);
      // What a person has chosen meanwhile counts.
      if (store.getState().tableLayouts[table] === undefined) store.getState().tableLaidOut(table, layout);
    },
    layTable(table, layout) {
      store.getState().tableLaidOut(table, layout);
      void saveTableLayout(table, layout);
    },
  };
}
