import type { Handlers } from '../../../shared/contract/contract.ts';
import { csvText } from '../../../shared/domain/csv.ts';
import { compareResults, rowTable, statisticsTable } from '../comparison-source.ts';
import { exportResults } from '../export-results.ts';
import type { CoreParts } from '../parts.ts';
import { chooseResults } from '../result-selection.ts';

type ResultCall = Extract<keyof Handlers, `results.${string}`>;

export function resultHandlers({
  store,
  catalog,
  clock,
  analysisPython,
}: Pick<CoreParts, 'store' | 'catalog' | 'clock' | 'analysisPython'>): Pick<Handlers, ResultCall> {
  return {
    'results.compare': async (request) => {
      const { manifest } = await catalog.find(request.workload);
      return compareResults(store, manifest, chooseResults(store, manifest, request));
    },
    'results.summary': async () => {
      const { workloads } = await catalog.list();
      const titles = new Map(workloads.map(({ manifest }) => [manifest.name, manifest.title]));
      return {
        workloads: store
          .resultCounts()
          .map((count) => ({ ...count, title: titles.get(count.workload) ?? count.workload })),
      };
    },
    'results.export': async ({ format, ...request }) => {
      const workload = await catalog.find(request.workload);
      const selection = chooseResults(store, workload.manifest, request);
      const now = clock.now();
      const written = await exportResults({
        store,
        workload,
        selection,
        format,
        now,
        python: analysisPython,
      });
      return { ...written, suite: selection.suite, suites: [...selection.suites] };
    },
    'results.table': async ({ table, ...request }) => {
      const { manifest } = await catalog.find(request.workload);
      const selection = chooseResults(store, manifest, request);
      const records =
        table === 'rows'
          ? rowTable(store, selection)
          : statisticsTable(await compareResults(store, manifest, selection));
      return { name: `${manifest.name}-${table}.csv`, csv: csvText(records) };
    },
  };
}
