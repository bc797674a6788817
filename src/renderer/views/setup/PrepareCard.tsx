import { useEffect, useRef } from 'react';
import { formatClock, formatDuration, formatPercent } from '../../../shared/domain/format.ts';
import type { SetupJob } from '../../../shared/model/setup.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import type { Appearance } from '../../widgets/tone.ts';
import { useNow } from '../../widgets/use-now.ts';
import { shortFailure } from './setup-words.ts';

type Job = Exclude<SetupJob, { kind: 'idle' }>;

/** The preparation of a Python: how far it is, what the installer says, and how to end it. */
export function PrepareCard({ job }: { job: Job }) {
  const { actions } = useApp();
  return (
    <Card
      title="Preparing Python"
      className="setup-prepare"
      head={
        <>
          <StateBadge appearance={appearanceOf(job)} />
          <span className="spacer" />
          {job.kind === 'running' ? (
            <Button small onClick={() => void actions.cancelPreparing()}>
              Cancel
            </Button>
          ) : job.kind === 'failed' || job.kind === 'cancelled' ? (
            <Button small onClick={() => void actions.preparePython()}>
              Try again
            </Button>
          ) : null}
        </>
      }
    >
      {job.kind === 'running' ? <Progress job={job} /> : <p className="setup-outcome">{outcomeOf(job)}</p>}
      {job.lines.length === 0 ? null : <InstallLog lines={job.lines} open={job.kind !== 'done'} />}
    </Card>
  );
}

function Progress({ job }: { job: Extract<Job, { kind: 'running' }> }) {
  const now = useNow(true);
  return (
    <div className="setup-progress">
      <div
        className="bar"
        role="progressbar"
        aria-label="Preparing Python"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(job.fraction * 100)}
      >
        <span style={{ width: `${job.fraction * 100}%` }} />
      </div>
      <p>
        {formatPercent(job.fraction)}
        <span className="quiet">
          {' '}
          after {formatDuration(Math.max(0, Math.round(now - job.startedAt)))}; what is there now stays in use
          until the new one has passed its check
        </span>
      </p>
    </div>
  );
}

/** The newest lines, kept at the end unless somebody reads further up. */
function InstallLog({ lines, open }: { lines: readonly string[]; open: boolean }) {
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  });
  return (
    <details className="setup-log" open={open}>
      <summary>What the installer said</summary>
      <pre
        ref={box}
        className="mono"
        // A box that scrolls has to be reached by the keyboard.
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 8;
        }}
      >
        {lines.join('\n')}
      </pre>
    </details>
  );
}

function appearanceOf(job: Job): Appearance {
  switch (job.kind) {
    case 'running':
      return { word: 'Under way', tone: 'running', mark: 'dot' };
    case 'done':
      return { word: 'Done', tone: 'succeeded', mark: 'check' };
    case 'failed':
      return { word: 'Failed', tone: 'failed', mark: 'cross' };
    case 'cancelled':
      return { word: 'Cancelled', tone: 'waiting', mark: 'cross' };
  }
}

function outcomeOf(job: Exclude<Job, { kind: 'running' }>): string {
  switch (job.kind) {
    case 'done':
      return `The new Python passed its check at ${formatClock(job.endedAt)} and is ready. The one before stays for runs that began with it.`;
    case 'failed':
      return shortFailure(job.sentence);
    case 'cancelled':
      return `Cancelled at ${formatClock(job.endedAt)}. What was there before is unchanged.`;
  }
}
