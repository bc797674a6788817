import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportReport } from '../../shared/model/archive.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { failureOf, runProgram } from '../platform/process-runner.ts';
import {
  type AdoptedResult,
  adoption,
  findDocuments,
  withStaging,
  writeAdopted,
} from '../store/documents.ts';
import { importResults } from '../store/import-results.ts';
import type { Workload } from '../workloads/catalog.ts';
import type { CoreParts } from './parts.ts';

/** Seconds. Documents are read, nothing is computed. */
const ADOPT_TIMEOUT = 120;
const ADOPT_LIMIT = 256 * 1024 * 1024;

type ImportParts = Pick<CoreParts, 'store' | 'catalog' | 'hardware' | 'clock' | 'analysisPython'>;

/**
 * Takes over every result below a folder: run folders as they are, and documents that a workload keeps in a format of
 * its own. Throws ExpectedError for a folder without either.
 */
export async function importFolder(
  parts: ImportParts,
  folder: string,
  dryRun: boolean,
): Promise<ImportReport> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new ExpectedError('not-found', `There is no folder ${folder}.`);
  const { store, hardware, clock } = parts;
  return withStaging(store.workspace, async (staging) => {
    const refused: string[] = [];
    for (const workload of (await parts.catalog.list()).workloads) {
      const files = findDocuments(folder, workload.manifest.imports);
      if (files.length === 0) continue;
      const found = await adopt(workload, files, await parts.analysisPython());
      refused.push(...found.refused);
      const { name, version } = workload.manifest;
      writeAdopted(staging, { workload: name, version, folder: workload.folder }, found.results);
    }
    return importResults({
      store,
      folder,
      staging,
      dryRun,
      refused,
      now: clock.now(),
      hardware: hardware.facts,
    });
  });
}

/** Asks a workload what its documents hold. Throws ExpectedError('workload-invalid') with its last words. */
async function adopt(
  workload: Workload,
  files: readonly string[],
  python: string,
): Promise<{ results: AdoptedResult[]; refused: string[] }> {
  const args = ['-B', '-X', 'utf8', join(workload.folder, 'adopt.py')];
  const result = await runProgram(python, args, {
    cwd: workload.folder,
    input: JSON.stringify({ files }),
    timeout: ADOPT_TIMEOUT,
    maxBuffer: ADOPT_LIMIT,
  });
  const failure = failureOf(result);
  if (failure === null) {
    const read = adoption.safeParse(parsed(result.stdout));
    if (read.success) return read.data;
  }
  const detail = result.stderr.trim().split('\n').slice(-3).join(' ');
  throw new ExpectedError(
    'workload-invalid',
    `The workload "${workload.manifest.name}" cannot read its documents: ${failure ?? 'no usable answer'} of "${[python, ...args].join(' ')}"${detail === '' ? '.' : `: ${detail}`}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
