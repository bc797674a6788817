export interface ShownNotification {
  readonly title: string;
  readonly body: string;
  /** As the person does. */
  click(): void;
}

/** What the app asked of the system, in order of the asking. */
export interface Recording {
  readonly badges: number[];
  readonly errorBoxes: string[];
  readonly questions: string[];
  readonly opened: string[];
  readonly revealed: string[];
  readonly tooltips: string[];
  readonly notifications: ShownNotification[];
  /** Of each window in turn; -1 = none is shown. */
  readonly progress: number[];
  menu: readonly Electron.MenuItemConstructorOptions[];
  trayMenu: readonly Electron.MenuItemConstructorOptions[];
  readonly blockers: Set<number>;
  readonly schemes: Electron.CustomScheme[];
  sandboxed: boolean;
  descriptors: number;
  /** File that the next dialog for files is answered with; null = it is cancelled. */
  chosen: string | null;
  /** Index of the button that the next question is answered with. */
  answer: number;
  exitCode: number | null;
}

export function createRecording(): Recording {
  return {
    badges: [],
    errorBoxes: [],
    questions: [],
    opened: [],
    revealed: [],
    tooltips: [],
    notifications: [],
    progress: [],
    menu: [],
    trayMenu: [],
    blockers: new Set(),
    schemes: [],
    sandboxed: false,
    descriptors: 0,
    chosen: null,
    answer: 0,
    exitCode: null,
  };
}
