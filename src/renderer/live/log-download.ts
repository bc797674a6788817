import { plainText } from '../../shared/domain/ansi.ts';
import { saveBlob } from '../actions/save-file.ts';
import type { Connection } from '../connect.ts';
import type { RunKey } from './log-feed.ts';

/** Lines fetched at once. */
const PAGE = 2_000;

/** Saves a run's whole log as plain text, colours left out. */
export async function downloadLog(connection: Connection, run: RunKey, title: string): Promise<void> {
  const parts: string[] = [];
  let firstLine = 0;
  for (;;) {
    const page = await connection.call('logs.page', { ...run, firstLine, count: PAGE });
    if (page.lines.length === 0) break;
    parts.push(page.lines.map((line) => `${plainText(line)}\n`).join(''));
    firstLine = page.firstLine + page.lines.length;
    if (firstLine >= page.totalLines) break;
  }
  saveBlob(`${fileName(title)}.log`, new Blob(parts, { type: 'text/plain;charset=utf-8' }));
}

/** A name that every file system takes. */
export function fileName(title: string): string {
  return title
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 120);
}
