import type { Verification } from '../../shared/model/archive.ts';
import type { Connection } from '../connect.ts';
import type { AppStore } from '../state/store.ts';
import { attempt } from './attempt.ts';

export interface ArchiveActions {
  /** Expected against found; null: it was refused, and a notice says why. Reads every result again, so it takes a moment. */
  verifyBatch(batch: string): Promise<Verification | null>;
  /** What the batch itself warns of: hooks that failed. */
  warningsOf(batch: string): Promise<readonly string[]>;
}

export function archiveActions(store: AppStore, connection: Connection): ArchiveActions {
  return {
    async verifyBatch(batch) {
      let found: Verification | null = null;
      await attempt(store, async () => {
        found = await connection.call('archive.verify', { batch });
      });
      return found;
    },
    async warningsOf(batch) {
      // Without an answer nothing is shown; a lost connection has its own banner.
      const found = await connection.call('batches.warnings', { batch, runs: false }).catch(() => null);
      return found?.batch ?? [];
    },
  };
}
