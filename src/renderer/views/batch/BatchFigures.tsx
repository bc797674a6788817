import {
  formatDuration,
  formatFinish,
  formatNumber,
  formatPercent,
  formatRoughDuration,
  formatTimes,
} from '../../../shared/domain/format.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import { isLive } from '../../state/selectors.ts';
import { ProgressBar } from '../../widgets/Meter.tsx';
import { Card, Figure } from '../../widgets/Screen.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { batchAppearance } from '../../widgets/tone.ts';
import { useNow } from '../../widgets/use-now.ts';

/** The expected end is told to the minute. */
const CLOCK_SECONDS = 30;

/** The figures that matter, measured; what is only expected is marked so. */
export function BatchFigures({ batch }: { batch: BatchRecord }) {
  const { counts, progress } = batch;
  const live = isLive(batch);
  const now = useNow(live, CLOCK_SECONDS);
  const appearance = batchAppearance(batch);
  const done = counts.succeeded + counts.skipped;
  return (
    <Card className="batch-figures" label="Progress">
      <div className="figures">
        <Figure
          value={formatPercent(progress.fraction)}
          label={`${done} of ${counts.total} done${counts.skipped > 0 ? `, ${counts.skipped} of them before` : ''}`}
        />
        {live ? (
          <Figure value={remainingText(batch)} label={`remaining${spreadText(batch, now)}`} />
        ) : (
          <Figure
            value={progress.wallSeconds > 0 ? formatDuration(progress.wallSeconds) : '–'}
            label={`wall time for ${formatDuration(progress.workSeconds)} of work`}
          />
        )}
        <Figure
          value={progress.speedup === null ? '–' : formatTimes(progress.speedup)}
          label={progress.speedup === null ? 'speed-up: nothing ran yet' : 'measured speed-up'}
        />
        {counts.failed > 0 ? (
          <Figure value={formatNumber(counts.failed)} label="failed" tone="failed" />
        ) : null}
        {counts.postponed > 0 ? <Figure value={formatNumber(counts.postponed)} label="postponed" /> : null}
      </div>
      <div className="batch-limits">
        <p className="small quiet">
          <StateBadge appearance={appearance} />
          <span>{live ? batch.limits.sentence : `${formatNumber(counts.succeeded)} succeeded`}</span>
        </p>
        <ProgressBar
          label="Batch progress"
          fraction={progress.fraction}
          tone={appearance.tone}
          text={formatPercent(progress.fraction)}
        />
      </div>
    </Card>
  );
}

function remainingText(batch: BatchRecord): string {
  const { remainingSeconds } = batch.progress;
  if (batch.state.kind === 'paused') return 'paused';
  return remainingSeconds === null ? '–' : formatRoughDuration(remainingSeconds).replace('about ', '');
}

/** " (± 4 min)", or why there is no figure. */
function spreadText(batch: BatchRecord, now: number): string {
  const { remainingSeconds, remainingSpread } = batch.progress;
  if (remainingSeconds === null) return ': not known yet';
  const finish = batch.state.kind === 'running' ? formatFinish(now, remainingSeconds) : null;
  const until = finish === null ? '' : `, until about ${finish}`;
  // Below five seconds a spread says more about the clock than about the work.
  return remainingSpread === null
    ? `${until}, estimated`
    : `${until} (± ${formatDuration(Math.max(5, Math.round(remainingSpread)))})`;
}
