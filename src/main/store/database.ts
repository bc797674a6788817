import { statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ExpectedError } from '../../shared/model/error.ts';

/** What SQLite can bind; a boolean would throw. */
export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, SqlValue>>;

export interface Statement {
  run(...values: readonly SqlValue[]): void;
  get(...values: readonly SqlValue[]): SqlRow | undefined;
  all(...values: readonly SqlValue[]): SqlRow[];
}

/** The little of a database that the store needs. This file alone knows which one it is. */
export interface Db {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  /** All or nothing. Throws ExpectedError('disk-full') when the disk is. */
  transaction<T>(work: () => T): T;
  /** Value of a pragma such as `user_version`. */
  pragma(text: string): SqlValue;
  close(): void;
}

/** Thrown for a file that is no database, or a broken one. */
export class DamagedDatabase extends Error {
  override readonly name = 'DamagedDatabase';
}

/**
 * Opens or creates a database file in WAL mode. `synchronous=NORMAL`: a power cut may cost the newest commits,
 * which the run folders still hold. Throws DamagedDatabase.
 */
export function openDatabase(path: string): Db {
  requireNodeApi();
  let raw: Database.Database | undefined;
  try {
    raw = new Database(path, { timeout: 2_000 });
    raw.pragma('journal_mode = WAL');
    raw.pragma('synchronous = NORMAL');
    const check = raw.pragma('quick_check(1)', { simple: true });
    if (check !== 'ok') throw new DamagedDatabase(String(check));
    return wrap(raw, path);
  } catch (error) {
    raw?.close();
    throw asOpenFailure(error, path);
  }
}

function wrap(raw: Database.Database, path: string): Db {
  return {
    exec: (sql) => void raw.exec(sql),
    prepare(sql) {
      const statement = raw.prepare<SqlValue[], SqlRow>(sql);
      return {
        run: (...values) => void statement.run(...values),
        get: (...values) => statement.get(...values),
        all: (...values) => statement.all(...values),
      };
    },
    transaction(work) {
      try {
        return raw.transaction(work)();
      } catch (error) {
        throw asDiskFull(error, path);
      }
    },
    pragma(text) {
      const value: unknown = raw.pragma(text, { simple: true });
      return typeof value === 'string' || typeof value === 'number' ? value : null;
    },
    close: () => void raw.close(),
  };
}

/** The prebuilt library needs Node-API 10; an older runtime would end in a segmentation fault. */
function requireNodeApi(): void {
  if (Number(process.versions.napi) >= 10) return;
  throw new ExpectedError(
    'not-possible-now',
    `Node ${process.versions.node} is too old for the index; use Node 22 or later.`,
  );
}

function sqliteCode(error: unknown): string {
  return error instanceof Database.SqliteError ? error.code : '';
}

function asOpenFailure(error: unknown, path: string): unknown {
  const code = sqliteCode(error);
  const inTheWay = statSync(path, { throwIfNoEntry: false })?.isFile() === false;
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || inTheWay)
    return new DamagedDatabase(code, { cause: error });
  if (code !== 'SQLITE_CANTOPEN' && !code.startsWith('SQLITE_READONLY')) return asDiskFull(error, path);
  return new ExpectedError(
    'workspace-unusable',
    `The index ${path} cannot be opened (${code}): change its permissions, or move it away; it is rebuilt from the run folders.`,
    { cause: error },
  );
}

function asDiskFull(error: unknown, path: string): unknown {
  const code = sqliteCode(error);
  if (code !== 'SQLITE_FULL' && code !== 'SQLITE_IOERR_WRITE') return error;
  const sentence = `The disk is full: the index ${path} could not be written. Free some space; the run folders lose nothing.`;
  return new ExpectedError('disk-full', sentence, { cause: error });
}
