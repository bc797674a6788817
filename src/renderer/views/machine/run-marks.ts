import type { DetailState } from '../../state/batches.ts';

/** Where runs of the batches at hand began (solid) and ended (dashed). */
export function runMarks(
  details: Readonly<Record<string, DetailState>>,
): readonly { readonly x: number; readonly strong: boolean }[] {
  return Object.values(details).flatMap((detail) => {
    if (detail.kind === 'failed' || detail.shown === null) return [];
    return detail.shown.runs.flatMap((run) => [
      { x: run.startedAt, strong: true },
      ...(run.endedAt === null ? [] : [{ x: run.endedAt, strong: false }]),
    ]);
  });
}
