import { readFileSync } from 'node:fs';

/**
 * The text of a file of the kernel, empty when it is missing or cannot be read. Such files come from memory and not
 * from a disk: read at once they cost a fraction of what an asynchronous read does, with its four trips to a thread.
 */
export function kernelText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
