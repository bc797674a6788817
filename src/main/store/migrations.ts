import type { Db } from './database.ts';

/** Keys stand in columns; the record itself is JSON, because it is a tagged union that only the code reads. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE batches (id TEXT PRIMARY KEY, created_at REAL NOT NULL, value TEXT NOT NULL);
  CREATE TABLE experiments (
    batch TEXT NOT NULL, idx INTEGER NOT NULL, ord INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (batch, idx)) WITHOUT ROWID;
  CREATE TABLE runs (
    batch TEXT NOT NULL, idx INTEGER NOT NULL, attempt INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (batch, idx, attempt)) WITHOUT ROWID;
  CREATE TABLE results (
    batch TEXT NOT NULL, idx INTEGER NOT NULL, attempt INTEGER NOT NULL,
    identity TEXT NOT NULL, workload TEXT NOT NULL, ended_at REAL NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (batch, idx, attempt)) WITHOUT ROWID;
  CREATE INDEX results_by_identity ON results (identity, ended_at);
  CREATE INDEX results_by_workload ON results (workload, ended_at);
  CREATE TABLE rows (
    batch TEXT NOT NULL, idx INTEGER NOT NULL, attempt INTEGER NOT NULL, number INTEGER NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (batch, idx, attempt, number)) WITHOUT ROWID;
  `,
  // Runs and batches know more than before: read them from their folders anew.
  'DELETE FROM batches; DELETE FROM experiments; DELETE FROM runs; DELETE FROM results; DELETE FROM rows',
];

export const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the database to the newest form. `newer`: a newer Minibatch made it, so that it has to be made anew;
 * `older`: it is right now, and empty until it is filled from the folders.
 */
export function migrate(db: Db): 'ready' | 'older' | 'newer' {
  const version = Number(db.pragma('user_version'));
  if (version > SCHEMA_VERSION) return 'newer';
  if (version === SCHEMA_VERSION) return 'ready';
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
  return 'older';
}
