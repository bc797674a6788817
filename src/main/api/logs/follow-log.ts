import { setTimeout as wait } from 'node:timers/promises';
import type { LogPage } from '../../../shared/model/log.ts';
import type { WatchStep } from '../router.ts';
import type { LogFile } from './log-file.ts';
import { readLogPage } from './log-files.ts';

const FOLLOW_LINES = 500;
/**
 * How often a log is looked at, in milliseconds: a first line soon, a log that grows all the time as fast as people
 * read. A page that gets 500 lines at once is followed by the next without a pause.
 */
const LOOK_MILLISECONDS = { quiet: 200, growing: 500 };
/** The end of a run cuts a wait short: who runs it may close the door soon after. In milliseconds. */
const END_MILLISECONDS = 40;

export interface FollowOptions {
  readonly from: number;
  readonly signal: AbortSignal;
  /** True once the run has ended. Asked before each look, so that the last bytes are never missed. */
  readonly ended: () => boolean;
}

/** Pages of a log as it grows; ends when the run has ended and everything was given. */
export async function* followLog(log: LogFile, options: FollowOptions): AsyncGenerator<WatchStep<LogPage>> {
  let from = options.from;
  let shown: LogPage | null = null;
  while (!options.signal.aborted) {
    const page = await readLogPage(log, { firstLine: from, count: FOLLOW_LINES, ended: options.ended() });
    const reachesEnd = page.firstLine + page.lines.length >= page.totalLines;
    const news = shown === null || isNews(page, shown);
    if (news) {
      const keepsLast = reachesEnd && log.lastLineOpen && page.lines.length > 0;
      from = page.firstLine + page.lines.length - (keepsLast ? 1 : 0);
      shown = page;
      yield { item: page, next: from };
    }
    if (reachesEnd && page.complete) return;
    if (reachesEnd) await pause(news ? LOOK_MILLISECONDS.growing : LOOK_MILLISECONDS.quiet, options);
  }
}

/** A page tells something new: more lines, another last line, or the end. */
function isNews(page: LogPage, shown: LogPage): boolean {
  if (page.complete !== shown.complete || page.totalLines !== shown.totalLines) return true;
  return page.lines.length > 1 || page.lines.at(-1) !== shown.lines.at(-1);
}

async function pause(milliseconds: number, { signal, ended }: FollowOptions): Promise<void> {
  for (let left = milliseconds; left > 0 && !signal.aborted && !ended(); left -= END_MILLISECONDS)
    await wait(Math.min(left, END_MILLISECONDS), undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
}
