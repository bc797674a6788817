import type { Handlers } from '../../../shared/contract/contract.ts';
import { csvText } from '../../../shared/domain/csv.ts';
import { compareResults, rowTable, statisticsTable } from '../comparison-source.ts';
import { exportResults } from '../export-results.ts';
import type { CoreParts } from '../parts.ts';

type ResultCall = Extract<keyof Handlers, `results.${string}`>;

export function resultHandlers({
  store,
  catalog,
  clock,
  analysisPython,
}: Pick<CoreParts, 'store' | 'catalog' | 'clock' | 'analysisPython'>): Pick<Handlers, ResultCall> {
  return {
    'results.compare': async (selection) => {
      const { manifest } = await catalog.find(selection.workload);
      return compareResults(store, manifest, selection);
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
    'results.export': async ({ format, ...selection }) => {
      const workload = await catalog.find(selection.workload);
      return exportResults({ store, workload, selection, format, now: clock.now(), python: analysisPython });
    },
    'results.table': async ({ table, ...selection }) => {
      const { manifest } = await catalog.find(selection.workload);
      const records =
        table === 'rows'
          ? rowTable(store, selection)
          : statisticsTable(await compareResults(store, manifest, selection));
      return { name: `${manifest.name}-${table}.csv`, csv: csvText(records) };
    },
  };
}
