import { join } from 'node:path';
import type { LogPage } from '../../../shared/model/log.ts';
import { createLogFile, type LogFile } from './log-file.ts';

/** Indexes kept; a screen looks at a few logs at a time. */
const KEPT = 24;
/** A page does not wait longer for lines that nobody asked for; the total grows with the next page. */
const PAGE_PATIENCE_MILLISECONDS = 200;

/** The indexes over the logs of runs, the most recently used ones. */
export interface LogFiles {
  /** The log of a run folder. */
  of(folder: string): LogFile;
}

export function createLogFiles(): LogFiles {
  const files = new Map<string, LogFile>();
  return {
    of(folder) {
      const path = join(folder, 'output.log');
      const file = files.get(path) ?? createLogFile(path);
      files.delete(path);
      files.set(path, file);
      for (const oldest of files.keys()) {
        if (files.size <= KEPT) break;
        files.delete(oldest);
      }
      return file;
    },
  };
}

export interface PageRequest {
  /** Below 0: counted from the end. */
  readonly firstLine: number;
  readonly count: number;
  /** The run has ended, so nothing more will come. */
  readonly ended: boolean;
}

export async function readLogPage(log: LogFile, request: PageRequest): Promise<LogPage> {
  await log.catchUp({ milliseconds: PAGE_PATIENCE_MILLISECONDS });
  if (request.firstLine < 0) await log.catchUp();
  else if (!log.caughtUp && log.totalLines <= request.firstLine + request.count) {
    await log.catchUp({ untilLine: request.firstLine + request.count });
  }
  const first = request.firstLine < 0 ? Math.max(0, log.totalLines + request.firstLine) : request.firstLine;
  const { firstLine, lines } = await log.read(first, request.count);
  return {
    firstLine,
    lines: [...lines],
    totalLines: log.totalLines,
    bytes: log.bytes,
    complete: request.ended && log.caughtUp,
    firstErrorLine: log.firstErrorLine,
  };
}
