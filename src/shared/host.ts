/** A folder, named by ids: the core finds the path, a page never does. `index` absent = the whole batch. */
export interface HostTarget {
  readonly batch: string;
  readonly index?: number;
  readonly attempt?: number;
}

/** What the surroundings of the page can do; a browser tab can do none of it. */
export interface HostAbilities {
  readonly reveal: boolean;
  readonly open: boolean;
  readonly menu: boolean;
  /** Suite files of this machine can be opened; elsewhere only their text reaches the core. */
  readonly openSuite: boolean;
  /** A Python of this machine can be chosen in a dialog. */
  readonly choosePython: boolean;
}

/** The page's surroundings. Ask `can` before offering an action. */
export interface Host {
  readonly kind: 'electron' | 'browser';
  /** Node's name of the system, or "browser". */
  readonly platform: string;
  readonly can: HostAbilities;
  /** Shows a folder in Finder. Rejects with one sentence. */
  reveal(target: HostTarget): Promise<void>;
  /** Opens a run's folder or a batch's folder with the system. Rejects with one sentence. */
  open(target: HostTarget): Promise<void>;
  /**
   * Opens a suite file that was dropped on the page; resolves to its id, null = the file does not lie on this machine's
   * disk or the host cannot open it. Rejects with one sentence.
   */
  openSuite(file: File): Promise<string | null>;
  /** Lets the person choose a suite file; null = none was chosen. Rejects with one sentence. */
  chooseSuite(): Promise<string | null>;
  /** Lets the person choose a Python for all runs; its id, null = none was chosen. Rejects with one sentence. */
  choosePython(): Promise<string | null>;
  /** Ids of commands that were chosen in the application menu. Returns how to stop. */
  onCommand(listener: (id: string) => void): () => void;
}

/** What the preload script puts on `window.minibatch`: a pipe that lives as long as somebody listens, and the host. */
export interface Bridge {
  send(text: string): void;
  onMessage(listener: (text: string) => void): () => void;
  onClose(listener: (reason: string) => void): () => void;
  readonly host: Host;
}

/** Names of the IPC channels; the preload script and the main process both derive from here. */
export const CHANNELS = {
  toCore: 'minibatch:to-core',
  toPage: 'minibatch:to-page',
  host: 'minibatch:host',
} as const;

/** Page to core. `open` begins a new pipe and ends the page's old one. */
export type ToCore =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'message'; readonly text: string };

/** Core to page. */
export type ToPage =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'close'; readonly reason: string }
  | { readonly kind: 'command'; readonly id: string };

/** The host of a page in a browser tab. */
export const browserHost: Host = {
  kind: 'browser',
  platform: 'browser',
  can: { reveal: false, open: false, menu: false, openSuite: false, choosePython: false },
  reveal: () => Promise.reject(new Error('A browser cannot show folders; the path is on the page.')),
  open: () => Promise.reject(new Error('A browser cannot open folders; the path is on the page.')),
  openSuite: () => Promise.resolve(null),
  chooseSuite: () => Promise.resolve(null),
  choosePython: () => Promise.resolve(null),
  onCommand: () => () => {},
};
