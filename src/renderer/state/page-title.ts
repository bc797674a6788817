import { formatCount, formatPercent } from '../../shared/domain/format.ts';
import type { BatchRecord } from '../../shared/model/batch.ts';
import { isLive } from './selectors.ts';

/** Title of the page, for a tab among many: how far the work is, and what it is. */
export function pageTitle(batches: Iterable<BatchRecord>): string {
  const live = [...batches].filter(isLive);
  const [first] = live;
  if (first === undefined) return 'Minibatch';
  const total = live.reduce((sum, { counts }) => sum + counts.total, 0);
  const done = live.reduce((sum, { counts, progress }) => sum + progress.fraction * counts.total, 0);
  const paused = live.every(({ state }) => state.kind === 'paused') ? 'Paused at ' : '';
  const failed = live.reduce((sum, { counts }) => sum + counts.failed, 0);
  return [
    `${paused}${formatPercent(total === 0 ? 0 : done / total)}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    live.length === 1 ? first.title : formatCount(live.length, 'batch', 'batches'),
    'Minibatch',
  ].join(' · ');
}
