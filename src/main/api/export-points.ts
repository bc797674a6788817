import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { experimentFields, type ExperimentRow, seedOf } from '../../shared/domain/experiment-fields.ts';
import { csvLine } from '../../shared/domain/csv.ts';
import type { Json } from '../../shared/model/json.ts';
import { asDiskFull } from '../platform/atomic-file.ts';
import { eachEventInPieces } from '../store/events-file.ts';
import type { StoredResult } from '../store/store.ts';
import type { RowOfResult } from './result-selection.ts';

/** Every point of every metric: `long` has a line for each value, `wide` one for each step with a column for each metric. */
export type PointForm = 'long' | 'wide';

export const POINT_FORMATS: Readonly<Record<string, { readonly form: PointForm; readonly lines: boolean }>> =
  {
    points: { form: 'long', lines: false },
    'points-wide': { form: 'wide', lines: false },
    'points-jsonl': { form: 'long', lines: true },
    'points-wide-jsonl': { form: 'wide', lines: true },
  };

export interface PointExport {
  readonly path: string;
  readonly results: readonly StoredResult[];
  readonly rowOf: RowOfResult;
  readonly form: PointForm;
  /** JSON Lines instead of CSV. */
  readonly lines: boolean;
}

type PointRecord = Readonly<Record<string, Json | undefined>>;

/**
 * Writes the points of all runs, none left out and none rounded. One run after the other is read, so that results of any size can be
 * exported. The file appears when it is whole.
 */
export async function exportPoints({ path, results, rowOf, form, lines }: PointExport): Promise<void> {
  const rows = results.flatMap((result) => rowOf(result) ?? []);
  const settings = experimentFields(rows, null).filter(({ differs }) => differs);
  const leading = [
    'experiment',
    'index',
    'batch',
    'attempt',
    'device',
    'seed',
    ...settings.map(({ name }) => name),
  ];
  const metrics =
    form === 'wide' ? metricColumns(await metricNames(results), leading) : new Map<string, string>();
  const columns = [...leading, ...(form === 'wide' ? ['step', 'time', ...metrics.values()] : LONG)];
  const temporary = `${path}.tmp`;
  const file = openSync(temporary, 'w');
  try {
    if (!lines) writeSync(file, csvLine(columns));
    for (const result of results) {
      const row = rowOf(result);
      const own = { ...ownFacts(result, row), ...settingsOf(row, settings) };
      const text = (record: PointRecord): string => {
        const whole = { ...own, ...record };
        return lines
          ? `${JSON.stringify(whole)}\n`
          : csvLine(columns.map((column) => (whole as PointRecord)[column]));
      };
      await eachPoint(result.folder, { form, metrics }, (records) =>
        writeSync(file, records.map(text).join('')),
      );
    }
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    try {
      closeSync(file);
    } catch {
      // It was closed already.
    }
    rmSync(temporary, { force: true });
    throw asDiskFull(error, path);
  }
}

const LONG = ['metric', 'step', 'time', 'value'] as const;
/** Records that are written at once. */
const PIECE = 2_000;

function ownFacts(result: StoredResult, row: ExperimentRow | null): PointRecord {
  const { name: experiment, index, batch, attempt, device } = result;
  return { experiment, index, batch, attempt, device, seed: row === null ? null : seedOf(row.experiment) };
}

function settingsOf(
  row: ExperimentRow | null,
  fields: readonly { readonly name: string; readonly value: (row: ExperimentRow) => Json | undefined }[],
): PointRecord {
  return row === null ? {} : Object.fromEntries(fields.map(({ name, value }) => [name, value(row) ?? null]));
}

async function metricNames(results: readonly StoredResult[]): Promise<readonly string[]> {
  const names = new Set<string>();
  for (const { folder } of results)
    await eachEventInPieces(folder, (event) => {
      if (event.kind === 'metric') for (const name of Object.keys(event.values)) names.add(name);
    });
  return [...names].toSorted();
}

/** A metric that is called as an earlier column gets another name. */
function metricColumns(names: readonly string[], leading: readonly string[]): Map<string, string> {
  const taken = new Set([...leading, 'step', 'time']);
  return new Map(names.map((name) => [name, taken.has(name) ? `metric.${name}` : name]));
}

interface PointShape {
  readonly form: PointForm;
  readonly metrics: ReadonlyMap<string, string>;
}

/** The points of one run in pieces, in the order in which they were reported. */
async function eachPoint(
  folder: string,
  { form, metrics }: PointShape,
  write: (records: readonly PointRecord[]) => void,
): Promise<void> {
  let records: PointRecord[] = [];
  const steps = new Map<number, Record<string, Json>>();
  await eachEventInPieces(folder, (event) => {
    if (event.kind !== 'metric') return;
    const { step, t: time, values } = event;
    if (form === 'wide') {
      // What one step brought may have come in several reports; it has the time of the first.
      const record = steps.get(step) ?? { step, time };
      for (const [name, value] of Object.entries(values)) record[metrics.get(name) ?? name] = value;
      steps.set(step, record);
      return;
    }
    for (const [metric, value] of Object.entries(values)) records.push({ metric, step, time, value });
    if (records.length < PIECE) return;
    write(records);
    records = [];
  });
  write(
    form === 'wide' ? [...steps.values()].toSorted((a, b) => Number(a['step']) - Number(b['step'])) : records,
  );
}
