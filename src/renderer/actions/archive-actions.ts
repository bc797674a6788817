import type { Verification } from '../../shared/model/archive.ts';
import type { Connection } from '../connect.ts';
import type { AppStore } from '../state/store.ts';
import { attempt } from './attempt.ts';

export interface ArchiveActions {
  /** Expected against found; null: it was refused, and a notice says why. Reads every result again, so it takes a moment. */
  verifyBatch(batch: string): Promise<Verification | null>;
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
  };
}
