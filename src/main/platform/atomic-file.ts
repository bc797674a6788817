import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { ExpectedError } from '../../shared/model/error.ts';

/** What a JSON file gave: rubbish is data too, so that one damaged file never hides the others. */
export type JsonFile =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'missing' }
  | { readonly kind: 'rubbish'; readonly sentence: string };

let temporaries = 0;

/**
 * Replaces a file in one step: a reader sees the old text or the new one, never a part. With `durable` it
 * also survives a power cut from the moment of return (on a Mac that costs some 10 ms, hence a choice).
 * Throws ExpectedError('disk-full') without having touched the old file.
 */
export function writeFileAtomic(path: string, text: string, durable = true): void {
  temporaries += 1;
  const temporary = `${path}.${process.pid}-${temporaries}.tmp`;
  try {
    writeWhole(temporary, { text, flags: 'w', durable });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asDiskFull(error, path);
  }
}

/** Appends one line and waits until it is on disk. Throws ExpectedError('disk-full'). */
export function appendLine(path: string, line: string): void {
  try {
    writeWhole(path, { text: `${line}\n`, flags: 'a', durable: true });
  } catch (error) {
    throw asDiskFull(error, path);
  }
}

/** Never throws for what lies in the file; a folder that cannot be read counts as rubbish with its reason. */
export function readJsonFile(path: string): JsonFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'rubbish', sentence: `${path} cannot be read (${code || String(error)}).` };
  }
  try {
    return { kind: 'ok', value: JSON.parse(text) };
  } catch {
    return { kind: 'rubbish', sentence: `${path} is not valid JSON.` };
  }
}

/** The code of a system error, or an empty text. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The error itself, or an expected one where the cause is a full disk. */
export function asDiskFull(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  const sentence = `The disk is full: ${path} could not be written. Free some space, then resume.`;
  return new ExpectedError('disk-full', sentence, { cause: error });
}

function writeWhole(path: string, options: { text: string; flags: string; durable: boolean }): void {
  const file = openSync(path, options.flags);
  try {
    const bytes = Buffer.from(options.text);
    let written = 0;
    while (written < bytes.length) written += writeSync(file, bytes, written);
    if (options.durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
