import { homedir } from 'node:os';
import { redactHome } from '../../../shared/domain/redact-home.ts';
import type { Handlers } from '../../../shared/contract/contract.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import type { CoreParts } from '../parts.ts';

export function appHandlers(
  parts: Pick<CoreParts, 'version' | 'store' | 'startedAt' | 'doctor'>,
): Pick<Handlers, 'app.info' | 'app.doctor' | 'app.reindex'> {
  const { store } = parts;
  return {
    'app.info': () => ({
      version: parts.version,
      workspace: store.workspace,
      workspaceShown: redactHome(store.workspace, [homedir()]),
      platform: process.platform,
      startedAt: parts.startedAt,
    }),
    'app.doctor': ({ python }) => parts.doctor(python),
    'app.reindex': () => {
      const working = store
        .batches()
        .find((batch) => ['running', 'paused', 'stopping'].includes(batch.state.kind));
      if (working !== undefined) {
        throw new ExpectedError(
          'not-possible-now',
          `The batch ${working.id} is being worked on; stop it, then reindex.`,
        );
      }
      const { batches, runs, problems } = store.reindex();
      return { batches, runs, problems: [...problems] };
    },
  };
}
