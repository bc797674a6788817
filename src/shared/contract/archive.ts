import { z } from 'zod';
import { backupRecord, importReport, queueStanding, restoreReport, verification } from '../model/archive.ts';
import { call } from './define.ts';

const batch = z.string().min(1);
const name = z.string().min(1);

/** Looking after results: how complete they are, copies of them, and results that come from elsewhere. */
export const archiveCalls = {
  /** How each queue of a batch stands. */
  'archive.queues': call(z.strictObject({ batch }), z.object({ queues: z.array(queueStanding) })),
  /** Reads every result of a batch again: expected against found, for each queue of each phase. */
  'archive.verify': call(z.strictObject({ batch }), verification),
  /** Newest first. */
  'backups.list': call(z.strictObject({}), z.object({ backups: z.array(backupRecord) })),
  'backups.create': call(z.strictObject({ batch }), backupRecord),
  /** Puts back what is missing. Refuses an archive that is not whole; never replaces a result. */
  'backups.restore': call(z.strictObject({ name }), restoreReport),
  /** Makes a backup, checks it, and only then moves the batch to the trash. */
  'backups.clean': call(z.strictObject({ batch }), backupRecord),
  /**
   * Takes over results of another workspace, batch or run folder, or documents of a workload (absolute path). `dryRun`
   * checks them all and takes over none.
   */
  'archive.import': call(
    z.strictObject({ folder: z.string().min(1), dryRun: z.boolean().default(false) }),
    importReport,
    ['folder'],
  ),
};
