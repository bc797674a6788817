import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { csvText } from '../../shared/domain/csv.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { asDiskFull, writeFileAtomic } from '../platform/atomic-file.ts';
import { failureOf, runProgram } from '../platform/process-runner.ts';
import { batchFolder } from '../store/batch-folder.ts';
import { readRunFile } from '../store/run-file.ts';
import type { Store, StoredResult } from '../store/store.ts';
import type { Workload } from '../workloads/catalog.ts';
import { compareResults, rowTable, statisticsTable } from './comparison-source.ts';
import { exportPoints, POINT_FORMATS } from './export-points.ts';
import { createRowOfResult, type ResultSelection, selectResults } from './result-selection.ts';

/** Seconds. A format writes files of rows that are there already. */
const ANALYZE_TIMEOUT = 300;

export interface ExportOptions {
  readonly store: Store;
  readonly workload: Workload;
  readonly selection: ResultSelection;
  readonly format: string;
  /** Unix seconds; names the folder. */
  readonly now: number;
  readonly python: () => Promise<string>;
}

export interface ExportedFiles {
  /** Relative to the workspace. */
  readonly folder: string;
  readonly files: { name: string; bytes: number }[];
}

/** Writes one format of a selection of results and names the files. Throws ExpectedError for an unknown format. */
export async function exportResults(options: ExportOptions): Promise<ExportedFiles> {
  const { store, workload, selection, format } = options;
  const { manifest } = workload;
  const formats = ['csv', 'json', 'jsonl', ...Object.keys(POINT_FORMATS), ...manifest.exports];
  if (!formats.includes(format)) {
    throw new ExpectedError(
      'usage',
      `${manifest.name} cannot be exported as "${format}"; it can be as ${formats.join(', ')}.`,
    );
  }
  const points = POINT_FORMATS[format];
  const results = selectResults(store, selection);
  const folder = exportFolder(options);
  const before = new Map(listFiles(folder).map((file) => [file.name, file.changedAt]));
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw asDiskFull(error, folder);
  }
  if (format === 'csv') {
    writeFileAtomic(join(folder, `${manifest.name}-rows.csv`), csvText(rowTable(store, selection)));
    if (manifest.comparison !== undefined) {
      const table = statisticsTable(await compareResults(store, manifest, selection));
      writeFileAtomic(join(folder, `${manifest.name}-statistics.csv`), csvText(table));
    }
  } else if (format === 'json') {
    const comparison =
      manifest.comparison === undefined ? null : await compareResults(store, manifest, selection);
    const statistics = comparison === null ? [] : statisticsTable(comparison);
    const document = {
      workload: manifest.name,
      version: manifest.version,
      ...(comparison !== null && {
        compared: {
          ...comparison.compared,
          title: comparison.spec.valueTitle,
          better: comparison.spec.higherIsBetter ? 'higher' : 'lower',
        },
      }),
      statistics,
      rows: rowTable(store, selection),
    };
    writeFileAtomic(join(folder, `${manifest.name}.json`), `${JSON.stringify(document, null, 1)}\n`);
  } else if (format === 'jsonl') {
    const lines = rowTable(store, selection).map((row) => `${JSON.stringify(row)}\n`);
    writeFileAtomic(join(folder, `${manifest.name}-rows.jsonl`), lines.join(''));
  } else if (points !== undefined) {
    const path = join(folder, `${manifest.name}-points-${points.form}.${points.lines ? 'jsonl' : 'csv'}`);
    await exportPoints({ path, results, rowOf: createRowOfResult(store), ...points });
  } else {
    const input = results.map((result) => {
      const { name, index, parameters, facts } = result;
      return { name, index, parameters, facts, folder: result.folder, rows: store.rows(result) };
    });
    const python = interpreterOf(results) ?? (await options.python());
    await analyze({ ...options, folder, python, input: JSON.stringify({ results: input }) });
  }
  // A batch's folder may hold older exports of the same format; only what was written now is named.
  const written = listFiles(folder).filter((file) => before.get(file.name) !== file.changedAt);
  return {
    folder: relative(store.workspace, folder),
    files: written.map(({ name, bytes }) => ({ name, bytes })),
  };
}

/** One batch keeps its exports itself; several, or all, get a folder of the workspace. */
function exportFolder({ store, workload, selection, format, now }: ExportOptions): string {
  const [batch, ...others] = selection.batches ?? [];
  if (batch !== undefined && others.length === 0)
    return join(batchFolder(store.workspace, batch), 'exports', format);
  const stamp = new Date(now * 1000).toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const path = join(store.workspace, 'exports', `${workload.manifest.name}-${stamp}`);
  let folder = path;
  for (let next = 2; existsSync(folder); next += 1) folder = `${path}-${next}`;
  return folder;
}

/** The interpreter that made the newest result still knows the workload's modules; null = it is gone. */
function interpreterOf(results: readonly StoredResult[]): string | null {
  const newest = results.toSorted((a, b) => b.endedAt - a.endedAt)[0];
  const file = newest === undefined ? null : readRunFile(newest.folder);
  const path = file?.kind === 'ok' ? file.value.command[0] : undefined;
  return path !== undefined && existsSync(path) ? path : null;
}

interface Analysis extends Omit<ExportOptions, 'python'> {
  readonly folder: string;
  readonly python: string;
  /** What the script reads from standard input. */
  readonly input: string;
}

async function analyze(options: Analysis): Promise<void> {
  const script = join(options.workload.folder, 'analyze.py');
  const args = ['-B', '-X', 'utf8', script, options.format, options.folder];
  const { python } = options;
  const result = await runProgram(python, args, {
    cwd: options.workload.folder,
    input: options.input,
    timeout: ANALYZE_TIMEOUT,
  });
  const failure = failureOf(result);
  if (failure === null) return;
  if (listFiles(options.folder).length === 0) rmSync(options.folder, { recursive: true, force: true });
  const detail = result.stderr.trim().split('\n').slice(-3).join(' ');
  throw new ExpectedError(
    'workload-invalid',
    `The export as ${options.format} failed: ${failure} of "${[python, ...args].join(' ')}"${detail === '' ? '.' : `: ${detail}`}`,
  );
}

interface ListedFile {
  readonly name: string;
  readonly bytes: number;
  readonly changedAt: number;
}

/** Names with their folders: a format may have folders of its own. */
function listFiles(folder: string): ListedFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(path);
      return { name: relative(folder, path), bytes: size, changedAt: mtimeMs };
    })
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
