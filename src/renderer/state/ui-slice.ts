import { PANE_SHARE } from './pane-share.ts';
import type { TableLayout } from './table-layout.ts';
import type { Update } from './update.ts';
import { type Route, routeOf } from './route.ts';

export type ThemeChoice = 'system' | 'light' | 'dark';
/**
 * What a live curve is drawn over: steps, the time of day, the time since its first point, or a metric that counts the work done, such
 * as tokens.
 */
export type CurveAxis = 'step' | 'clock' | 'relative' | `metric/${string}`;
export type NoticeLevel = 'info' | 'warning' | 'error';

/** A sentence shown in the corner until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly level: NoticeLevel;
  readonly text: string;
}

/** Notices kept on screen; older ones make room. */
const NOTICES_SHOWN = 4;

export interface UiSlice {
  readonly route: Route;
  readonly theme: ThemeChoice;
  /** The theme that `system` means now. */
  readonly systemTheme: 'light' | 'dark';
  readonly curveAxis: CurveAxis;
  /** By table and workload; absent = not read yet. */
  readonly tableLayouts: Readonly<Record<string, TableLayout>>;
  /** The lower pane's part of a batch screen, 0 to 1. */
  readonly paneShare: number;
  readonly paletteOpen: boolean;
  readonly shortcutsOpen: boolean;
  readonly notices: readonly Notice[];
  /** Question waiting for a yes: the sentence, the word on the button, and what then happens. */
  readonly question: Question | null;
  routeChanged(route: Route): void;
  themeChosen(theme: ThemeChoice): void;
  systemThemeChanged(theme: 'light' | 'dark'): void;
  curveAxisChosen(axis: CurveAxis): void;
  tableLaidOut(table: string, layout: TableLayout): void;
  paneShareChosen(share: number): void;
  paletteToggled(open: boolean): void;
  shortcutsToggled(open: boolean): void;
  noticed(level: NoticeLevel, text: string): void;
  noticeDismissed(id: number): void;
  asked(question: Question | null): void;
}

export interface Question {
  readonly title: string;
  readonly sentence: string;
  readonly answer: string;
  readonly command: string;
}

export function uiSlice(set: Update<UiSlice>): UiSlice {
  return {
    route: routeOf(''),
    theme: 'system',
    systemTheme: 'light',
    curveAxis: 'step',
    tableLayouts: {},
    paneShare: PANE_SHARE.usual,
    paletteOpen: false,
    shortcutsOpen: false,
    notices: [],
    question: null,
    routeChanged: (route) => set({ route }),
    themeChosen: (theme) => set({ theme }),
    systemThemeChanged: (systemTheme) => set({ systemTheme }),
    curveAxisChosen: (curveAxis) => set({ curveAxis }),
    tableLaidOut: (table, layout) =>
      set((state) => ({ tableLayouts: { ...state.tableLayouts, [table]: layout } })),
    paneShareChosen: (paneShare) => set({ paneShare }),
    paletteToggled: (paletteOpen) => set({ paletteOpen }),
    shortcutsToggled: (shortcutsOpen) => set({ shortcutsOpen }),
    noticed: (level, text) =>
      set((state) => {
        // The same sentence twice is one notice.
        if (state.notices.some((notice) => notice.text === text)) return {};
        const id = (state.notices.at(-1)?.id ?? 0) + 1;
        return { notices: [...state.notices, { id, level, text }].slice(-NOTICES_SHOWN) };
      }),
    noticeDismissed: (id) =>
      set((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) })),
    asked: (question) => set({ question }),
  };
}

/** The theme that is drawn. */
export function shownTheme(state: Pick<UiSlice, 'theme' | 'systemTheme'>): 'light' | 'dark' {
  return state.theme === 'system' ? state.systemTheme : state.theme;
}
