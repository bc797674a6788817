import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type BackupFile,
  type BackupRecord,
  backupFile,
  type RestoreReport,
} from '../../shared/model/archive.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Clock } from '../platform/clock.ts';
import { asDiskFull, writeFileAtomic } from '../platform/atomic-file.ts';
import { attemptsWithResult, checksum, packBatch, withUnpacked } from './backup-archive.ts';
import { readBatchFolder } from './batch-file.ts';
import { batchFolder } from './batch-folder.ts';
import { readAs } from './run-file.ts';
import type { Store } from './store.ts';

const ENDING = '.tar.gz';

/** Copies of a batch's results in the workspace's `backups/`. Everything is done one after the other. */
export interface Backups {
  /** Newest first. */
  list(): BackupRecord[];
  create(batch: string, why: string): Promise<BackupRecord>;
  /** Reads the whole archive. Throws ExpectedError with what is wrong with it and what to do. */
  check(name: string): Promise<BackupFile>;
  /** Puts back the attempts that the workspace has no result of. Throws like `check`, before anything is touched. */
  restore(name: string): Promise<RestoreReport>;
}

export function createBackups(parts: { readonly store: Store; readonly clock: Clock }): Backups {
  const { store, clock } = parts;
  const { workspace } = store;
  const folder = join(workspace, 'backups');
  let queue: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = queue.then(work);
    queue = turn.catch(() => undefined);
    return turn;
  }

  function list(): BackupRecord[] {
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith(ENDING))
      .map((name) => record(name.slice(0, -ENDING.length)))
      .toSorted(
        (a, b) => (b.file?.createdAt ?? 0) - (a.file?.createdAt ?? 0) || b.name.localeCompare(a.name),
      );
  }

  function record(name: string): BackupRecord {
    const read = readAs(join(folder, `${name}.json`), backupFile);
    if (read.kind !== 'ok') {
      const problem = `The backup ${name} is not whole: its description is missing, so it was cut off while it was written.`;
      return { name, file: null, problem };
    }
    const size = statSync(join(folder, name + ENDING)).size;
    return {
      name,
      file: read.value,
      problem: size === read.value.bytes ? null : cutOff(name, size, read.value),
    };
  }

  async function create(batch: string, why: string): Promise<BackupRecord> {
    const read = readBatchFolder(batchFolder(workspace, batch));
    if (read.kind === 'damaged')
      throw new ExpectedError('not-possible-now', `No backup of ${batch}: ${read.sentence}`);
    const createdAt = clock.now();
    const name = freeName(batch, createdAt);
    const temporary = join(folder, `.${name}.part`);
    const target = join(folder, name + ENDING);
    try {
      mkdirSync(folder, { recursive: true });
      const packed = await packBatch({ workspace, batch, target: temporary });
      const bytes = statSync(temporary).size;
      const sha256 = await checksum(temporary);
      const { title } = read.file;
      renameSync(temporary, target);
      // Last: an archive without a description was cut off.
      const file: BackupFile = { version: 1, batch, title, createdAt, why, ...packed, bytes, sha256 };
      writeFileAtomic(join(folder, `${name}.json`), `${JSON.stringify(file, null, 1)}\n`);
      return { name, file, problem: null };
    } catch (error) {
      rmSync(temporary, { force: true });
      throw asDiskFull(error, target);
    }
  }

  function freeName(batch: string, createdAt: number): string {
    const stamp = new Date(createdAt * 1000)
      .toISOString()
      .replaceAll(/[-:]/g, '')
      .slice(0, 15)
      .replace('T', '-');
    const wanted = `${batch}-${stamp}`;
    let name = wanted;
    for (let number = 2; existsSync(join(folder, name + ENDING)); number += 1) name = `${wanted}-${number}`;
    return name;
  }

  async function check(name: string): Promise<BackupFile> {
    const known = list().find((one) => one.name === name || one.name + ENDING === name);
    if (known === undefined)
      throw new ExpectedError(
        'not-found',
        `There is no backup "${name}". "minibatch backup list" names them.`,
      );
    if (known.file === null || known.problem !== null) throw refused(known.problem ?? '');
    const found = await checksum(join(folder, known.name + ENDING));
    if (found === known.file.sha256) return known.file;
    throw refused(
      `The backup ${known.name} is damaged: its checksum differs from the one noted when it was made.`,
    );
  }

  async function restore(name: string): Promise<RestoreReport> {
    const { batch } = await check(name);
    const state = store.batch(batch)?.state.kind;
    if (state === 'running' || state === 'paused' || state === 'stopping')
      throw new ExpectedError(
        'not-possible-now',
        `The batch ${batch} is being worked on. Stop it before it is restored.`,
      );
    const archive = join(folder, name.endsWith(ENDING) ? name : name + ENDING);
    return withUnpacked({ workspace, archive }, (unpacked) => {
      const report = putBack({ workspace, batch, from: batchFolder(unpacked, batch) });
      store.reindexBatch(batch);
      return report;
    });
  }

  return {
    list,
    create: (batch, why) => inTurn(() => create(batch, why)),
    check: (name) => inTurn(() => check(name)),
    restore: (name) => inTurn(() => restore(name)),
  };
}

/** Whatever the workspace has stays: plan and journal if they are there, and every attempt with a result. */
function putBack(options: { workspace: string; batch: string; from: string }): RestoreReport {
  const { workspace, batch, from } = options;
  const to = batchFolder(workspace, batch);
  try {
    mkdirSync(join(to, 'runs'), { recursive: true });
    for (const name of ['batch.json', 'journal.jsonl']) {
      if (!existsSync(join(to, name)) && existsSync(join(from, name)))
        cpSync(join(from, name), join(to, name));
    }
    const attempts = attemptsWithResult(from);
    const missing = attempts.filter((attempt) => !existsSync(join(to, attempt, 'result.json')));
    for (const attempt of missing) {
      putAside(workspace, join(to, attempt));
      mkdirSync(dirname(join(to, attempt)), { recursive: true });
      // In one step: half an attempt must never look like a whole one.
      renameSync(join(from, attempt), join(to, attempt));
    }
    return { batch, restored: missing.length, kept: attempts.length - missing.length };
  } catch (error) {
    throw asDiskFull(error, to);
  }
}

/** An attempt without a result that stands in the way is moved to the trash, not deleted. */
function putAside(workspace: string, folder: string): void {
  if (!existsSync(folder)) return;
  const trash = join(workspace, 'trash');
  mkdirSync(trash, { recursive: true });
  const base = join(trash, folder.split('/').slice(-3).join('-'));
  let target = base;
  for (let number = 2; existsSync(target); number += 1) target = `${base}-${number}`;
  renameSync(folder, target);
}

function cutOff(name: string, size: number, file: BackupFile): string {
  return `The backup ${name} is not whole: it has ${size} of ${file.bytes} bytes.`;
}

function refused(problem: string): ExpectedError {
  return new ExpectedError(
    'not-possible-now',
    `${problem} Nothing was changed; use another backup ("minibatch backup list").`,
  );
}
