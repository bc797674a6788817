import { createHash } from 'node:crypto';

/** Lower-case hex SHA-256 of a text's UTF-8 bytes. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Hex digits of a path's id: enough that two paths never share one. */
const PATH_ID_DIGITS = 16;

/** Names a path to a page without telling it: 16 hex digits, the same for the same path. */
export function pathId(path: string): string {
  return sha256(path).slice(0, PATH_ID_DIGITS);
}
