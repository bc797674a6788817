import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Handlers } from '../../../shared/contract/contract.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import type { Row } from '../../store/attempt-events.ts';
import { eachEventInPieces } from '../../store/events-file.ts';
import { readRunFile } from '../../store/run-file.ts';
import { readLogPage } from '../logs/log-files.ts';
import { readLogTail } from '../logs/log-tail.ts';
import { searchLog } from '../logs/log-search.ts';
import type { CoreParts } from '../parts.ts';
import { createMetricFiles } from '../run-metrics.ts';
import { findRun } from '../run-place.ts';

type RunCall = Extract<keyof Handlers, `runs.${string}` | `logs.${string}`>;

/** Messages shown with a run; a training loop that writes one per step must not flood the answer. */
const MAXIMUM_MESSAGES = 500;

export function runHandlers({
  store,
  logs,
  scheduler,
}: Pick<CoreParts, 'store' | 'logs' | 'scheduler'>): Pick<Handlers, RunCall> {
  const metrics = createMetricFiles();
  return {
    'runs.type': async ({ text, ...run }) => {
      findRun(store, run);
      await scheduler.type(run, text);
      return {};
    },
    'runs.get': async (key) => {
      const { folder } = findRun(store, key);
      const file = readRunFile(folder);
      if (file.kind !== 'ok') {
        const why = file.kind === 'rubbish' ? file.sentence : `${join(folder, 'run.json')} is missing.`;
        throw new ExpectedError('not-found', `The facts of this run cannot be read: ${why}`);
      }
      const { parameters, command, environment } = file.value;
      return {
        parameters,
        command,
        environment,
        folder,
        artifacts: listArtifacts(folder),
        ...(await readStory(folder)),
      };
    },
    'runs.metrics': async ({ names, points, ...key }) => ({
      series: await metrics.read(findRun(store, key).folder, { names, points }),
    }),
    'runs.rows': async ({ offset, limit, ...key }) => {
      const { folder } = findRun(store, key);
      const rows: Row[] = [];
      let total = 0;
      await eachEventInPieces(folder, (event) => {
        if (event.kind !== 'row') return;
        if (total >= offset && rows.length < limit) rows.push(event.row);
        total += 1;
      });
      return { total, rows };
    },
    'logs.page': ({ firstLine, count, ...key }) => {
      const { run, folder } = findRun(store, key);
      return readLogPage(logs.of(folder), { firstLine, count, ended: run.endedAt !== null });
    },
    'logs.tail': ({ count, ...key }) => readLogTail(join(findRun(store, key).folder, 'output.log'), count),
    'logs.search': ({ pattern, regex, matchCase, limit, ...key }) =>
      searchLog(join(findRun(store, key).folder, 'output.log'), { pattern, regex, matchCase, limit }),
  };
}

/** What the worker said about itself: versions of its frameworks and its newest messages. */
async function readStory(folder: string): Promise<{
  versions: Record<string, string>;
  messages: { t: number; level: string; text: string }[];
}> {
  let versions: Record<string, string> = {};
  const messages: { t: number; level: string; text: string }[] = [];
  await eachEventInPieces(folder, (event) => {
    if (event.kind === 'start') versions = event.versions;
    if (event.kind === 'message') messages.push({ t: event.t, level: event.level, text: event.text });
    if (event.kind === 'error')
      messages.push({ t: event.t, level: 'error', text: event.traceback || event.text });
    if (messages.length > 2 * MAXIMUM_MESSAGES) messages.splice(0, MAXIMUM_MESSAGES);
  });
  return { versions, messages: messages.slice(-MAXIMUM_MESSAGES) };
}

function listArtifacts(folder: string): { name: string; bytes: number }[] {
  const root = join(folder, 'artifacts');
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: path.slice(root.length + 1), bytes: statSync(path).size }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
