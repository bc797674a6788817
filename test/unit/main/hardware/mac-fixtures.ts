import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../fixtures/macos');

/** Recorded outputs of real Macs; where they come from stands in SOURCES.md beside them. */
export function macFixtureNames(): string[] {
  return readdirSync(folder).filter((name) => name !== 'SOURCES.md');
}

/** The text as the program printed it: every line ended, also where a paste lost the last line end. */
export function macFixture(name: string): string {
  const text = readFileSync(join(folder, name), 'utf8');
  return text.endsWith('\n') ? text : `${text}\n`;
}
