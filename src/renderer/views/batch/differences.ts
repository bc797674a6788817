import { formatDuration, formatMegabytes, formatResult } from '../../../shared/domain/format.ts';
import type { Json } from '../../../shared/model/json.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { metricText } from './doing.ts';

/** One parameter or figure across the compared runs. */
export interface Difference {
  readonly part: 'Parameters' | 'Results';
  readonly name: string;
  /** A text for each run; null = that run does not have it. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

interface DifferenceFacts {
  readonly metric: string | null;
  /** Highest memory of an experiment's latest attempt, in MiB. */
  readonly peak: (row: ExperimentRecord) => number | null;
}

/** A value as it is shown, and exactly: two figures that read the same may still differ. */
type Cells = ReadonlyMap<string, { readonly text: string; readonly exact: string }>;

/** Every parameter, then every figure, of the runs side by side. */
export function differencesOf(
  rows: readonly ExperimentRecord[],
  facts: DifferenceFacts,
): readonly Difference[] {
  const parts = { Parameters: rows.map(parametersOf), Results: rows.map((row) => resultsOf(row, facts)) };
  return (['Parameters', 'Results'] as const).flatMap((part) => {
    const columns = parts[part];
    const names = new Set(columns.flatMap((cells) => [...cells.keys()]));
    return [...names].map(
      (name): Difference => ({
        part,
        name,
        values: columns.map((cells) => cells.get(name)?.text ?? null),
        differs: new Set(columns.map((cells) => cells.get(name)?.exact)).size > 1,
      }),
    );
  });
}

function parametersOf({ parameters, seed, phase, queue }: ExperimentRecord): Cells {
  const all = flat({ seed, phase, queue, ...parameters });
  return new Map(all.map(([name, value]) => [name, { text: exactText(value), exact: exactText(value) }]));
}

function resultsOf(row: ExperimentRecord, { metric, peak }: DifferenceFacts): Cells {
  const cells = new Map<string, { text: string; exact: string }>();
  const live = row.live?.metric ?? null;
  if (metric !== null && live !== null) cells.set(metric, { text: metricText(live), exact: String(live) });
  for (const [name, value] of flat(row.summary ?? {})) {
    const exact = exactText(value);
    cells.set(name, { text: typeof value === 'number' ? formatResult(value) : exact, exact });
  }
  const memory = peak(row);
  if (memory !== null) cells.set('peak memory', { text: formatMegabytes(memory), exact: String(memory) });
  if ('seconds' in row.state)
    cells.set('time', { text: formatDuration(row.state.seconds), exact: String(row.state.seconds) });
  return cells;
}

/** Nested settings by their path, `optimizer.rate`; a list is one value. */
function flat(record: Readonly<Record<string, Json>>, path = ''): readonly (readonly [string, Json])[] {
  return Object.entries(record).flatMap(([name, value]): readonly (readonly [string, Json])[] =>
    isGroup(value) ? flat(value, `${path}${name}.`) : [[`${path}${name}`, value]],
  );
}

function isGroup(value: Json): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function exactText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
