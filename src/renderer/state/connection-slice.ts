import type { CallOutput } from '../../shared/contract/contract.ts';
import type { Update } from './update.ts';

export type AppInfo = CallOutput<'app.info'>;

/** `since` in Unix seconds. */
export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  | { readonly kind: 'lost'; readonly reason: string; readonly since: number };

export interface ConnectionSlice {
  readonly connection: ConnectionState;
  readonly info: AppInfo | null;
  connectionOpened(): void;
  connectionLost(reason: string): void;
  infoArrived(info: AppInfo): void;
}

export function connectionSlice(set: Update<ConnectionSlice>): ConnectionSlice {
  return {
    connection: { kind: 'connecting' },
    info: null,
    connectionOpened: () => set({ connection: { kind: 'open' } }),
    connectionLost: (reason) =>
      set((state) => ({
        connection:
          state.connection.kind === 'lost'
            ? { ...state.connection, reason }
            : { kind: 'lost', reason, since: Date.now() / 1_000 },
      })),
    infoArrived: (info) => set({ info }),
  };
}
