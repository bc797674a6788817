import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { shellLine } from '../../shared/domain/shell-words.ts';
import type { PlannedHook } from '../../shared/domain/hook-plan.ts';

/** Characters of a command's output that are kept; the rest is dropped, so that none fills the disk. */
const KEPT = 256 * 1024;

/** What one command prints, behind what is in `<batch>/hooks.log` already. */
export interface HookLog {
  write(text: string): void;
  end(sentence: string): void;
}

/** A log that cannot be written (a full disk, a batch that was removed) never stands in the way of anything. */
export function openHookLog(batchFolder: string, hook: PlannedHook, t: number): HookLog {
  const path = join(batchFolder, 'hooks.log');
  let left = KEPT;
  let atLineStart = true;

  function append(text: string): void {
    if (text === '') return;
    atLineStart = text.endsWith('\n');
    try {
      appendFileSync(path, text);
    } catch {
      left = 0;
    }
  }

  append(
    `--- ${new Date(t * 1000).toISOString()} ${hook.event} (${hook.source}): ${shellLine(hook.words)}\n`,
  );
  return {
    write(text) {
      if (left <= 0) return;
      append(text.slice(0, left));
      left -= text.length;
      if (left <= 0)
        append(`${atLineStart ? '' : '\n'}[more than ${KEPT / 1024} kB: the rest was dropped]\n`);
    },
    end: (sentence) => append(`${atLineStart ? '' : '\n'}--- ${sentence}\n`),
  };
}
