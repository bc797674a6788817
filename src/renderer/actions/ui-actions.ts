import { saveCurveAxis, saveTheme } from '../preferences.ts';
import { hashOf, type Route } from '../state/route.ts';
import type { AppStore } from '../state/store.ts';
import type { CurveAxis, ThemeChoice } from '../state/ui-slice.ts';

export interface UiActions {
  go(route: Route): void;
  /** Changes the address without a new entry in the history: selections inside a screen. */
  refine(route: Route): void;
  chooseTheme(theme: ThemeChoice): void;
  chooseCurveAxis(axis: CurveAxis): void;
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
  };
}
