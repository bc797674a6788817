/** Where the window is. Lives in the address, so a reload, the back button and a link all keep it. */
export type Route =
  | {
      readonly screen: 'launch';
      readonly workload: string | null;
      readonly preset: string | null;
      /** Id of the suite in the place of a preset. */
      readonly suite?: string | null;
    }
  | { readonly screen: 'batches' }
  | {
      readonly screen: 'batch';
      readonly batch: string;
      readonly run: number | null;
      readonly attempt: number | null;
      readonly tab: RunTab;
    }
  | {
      readonly screen: 'results';
      readonly workload: string | null;
      readonly batch: string | null;
      /** The suite whose results are compared; absent = the newest one. */
      readonly suite?: string | null;
      readonly plot: PlotKind;
      /** What the values are grouped by and drawn over; absent = as the workload or its suite says. */
      readonly group?: string | null;
      readonly x?: string | null;
      /** Which metric is compared, and which of its values; absent = the same. */
      readonly metric?: string | null;
      readonly value?: string | null;
    }
  | { readonly screen: 'machine'; readonly range: number }
  | { readonly screen: 'setup' };

/** The workload whose experiments come from suite files. */
export const SUITE_WORKLOAD = 'command';

export type Screen = Route['screen'];

/** What the panel under the table shows: of the chosen run, or (grid, merged) of every worker. */
export const runTabs = ['log', 'curves', 'details', 'terminal', 'grid', 'merged'] as const;
export type RunTab = (typeof runTabs)[number];

export const plotKinds = ['scatter', 'groups', 'box', 'bands', 'families', 'curves'] as const;
export type PlotKind = (typeof plotKinds)[number];

/** Ranges of the machine graphs, in seconds; 0 = the whole batch. */
export const machineRanges = [60, 300, 900, 3_600, 6 * 3_600, 86_400, 0] as const;

/** The route of an address. Rubbish leads to the nearest screen, never to an error. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [screen = '', id = ''] = path.split('/');
  const parameters = new URLSearchParams(query);
  const text = (name: string): string | null => parameters.get(name);
  switch (screen) {
    case 'batches':
    case 'setup':
      return { screen };
    case 'batch':
      return id === ''
        ? { screen: 'batches' }
        : {
            screen,
            batch: decodeURIComponent(id),
            run: wholeNumber(text('run')),
            attempt: wholeNumber(text('attempt')),
            tab: oneOf(runTabs, text('tab')),
          };
    case 'results':
      return {
        screen,
        workload: text('workload'),
        batch: text('batch'),
        plot: oneOf(plotKinds, text('plot')),
        ...(text('suite') === null ? {} : { suite: text('suite') }),
        ...(text('group') === null ? {} : { group: text('group') }),
        ...(text('x') === null ? {} : { x: text('x') }),
        ...(text('metric') === null ? {} : { metric: text('metric') }),
        ...(text('value') === null ? {} : { value: text('value') }),
      };
    case 'machine':
      return { screen, range: machineRanges.find((range) => range === wholeNumber(text('range'))) ?? 300 };
    default:
      return {
        screen: 'launch',
        workload: text('workload'),
        preset: text('preset'),
        ...(text('suite') === null ? {} : { suite: text('suite') }),
      };
  }
}

/** The shortest address of a route: what is the default stays out of it. */
export function hashOf(route: Route): string {
  switch (route.screen) {
    case 'launch':
      return address('launch', {
        workload: route.workload,
        preset: route.preset,
        suite: route.suite ?? null,
      });
    case 'batches':
      return '#/batches';
    case 'setup':
      return '#/setup';
    case 'batch':
      return address(`batch/${encodeURIComponent(route.batch)}`, {
        run: route.run,
        attempt: route.attempt,
        tab: route.tab === 'log' ? null : route.tab,
      });
    case 'results':
      return address('results', {
        workload: route.workload,
        batch: route.batch,
        suite: route.suite ?? null,
        plot: route.plot === 'scatter' ? null : route.plot,
        group: route.group ?? null,
        x: route.x ?? null,
        metric: route.metric ?? null,
        value: route.value ?? null,
      });
    case 'machine':
      return address('machine', { range: route.range === 300 ? null : route.range });
  }
}

/** The launch screen with a suite chosen. */
export function suiteRoute(suite: string): Route {
  return { screen: 'launch', workload: SUITE_WORKLOAD, preset: null, suite };
}

/** The address of a batch without a run chosen. */
export function batchRoute(batch: string): Route {
  return { screen: 'batch', batch, run: null, attempt: null, tab: 'log' };
}

function address(path: string, parameters: Readonly<Record<string, string | number | null>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === null ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? `#/${path}` : `#/${path}?${new URLSearchParams(given)}`;
}

function wholeNumber(text: string | null): number | null {
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

function oneOf<T extends string>(choices: readonly [T, ...T[]], text: string | null): T {
  return choices.find((choice) => choice === text) ?? choices[0];
}
