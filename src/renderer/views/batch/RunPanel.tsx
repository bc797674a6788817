import type { ExperimentRecord } from '../../../shared/model/run.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import { useApp } from '../../app-context.ts';
import type { Route, RunTab } from '../../state/route.ts';
import { Button } from '../../widgets/Button.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { experimentAppearance } from '../../widgets/tone.ts';
import { CurvesPanel } from './CurvesPanel.tsx';
import { DetailsPanel } from './DetailsPanel.tsx';
import { doingText } from './doing.ts';
import { LogPanel } from './LogPanel.tsx';

type BatchRoute = Extract<Route, { screen: 'batch' }>;

const tabs: readonly { readonly value: RunTab; readonly title: string }[] = [
  { value: 'log', title: 'Log' },
  { value: 'curves', title: 'Curves' },
  { value: 'details', title: 'Details' },
];

interface RunPanelProps {
  readonly route: BatchRoute;
  readonly experiment: ExperimentRecord;
  readonly manifest: Manifest | null;
}

/** What the chosen run says: its log, its curves, its facts. */
export function RunPanel({ route, experiment, manifest }: RunPanelProps) {
  const { actions } = useApp();
  const attempt = Math.min(route.attempt ?? experiment.attempt, experiment.attempt);
  const key = { batch: experiment.batch, index: experiment.index, attempt };
  return (
    <Card
      className="run-panel"
      label={`Run ${experiment.index}, ${experiment.name}`}
      head={
        <>
          <span className="chip run-chip" title={experiment.name}>
            <span className="quiet">{experiment.index}</span>
            <span className="mono truncate">{experiment.name}</span>
          </span>
          {experiment.attempt > 1 ? (
            <AttemptChoice route={route} attempts={experiment.attempt} attempt={attempt} />
          ) : null}
          <StateBadge appearance={experimentAppearance(experiment.state)} />
          <span className="quiet small truncate run-doing" title={doingText(experiment)}>
            {doingText(experiment)}
          </span>
          <span className="spacer" />
          <RunActions experiment={experiment} />
          <Segmented
            label="Shown of this run"
            options={tabs}
            value={route.tab}
            onChange={(tab) => actions.refine({ ...route, run: experiment.index, tab })}
          />
        </>
      }
    >
      {attempt === 0 ? (
        <p className="run-none quiet">{noAttemptText(experiment)}</p>
      ) : (
        <Tab
          key={`${key.batch}/${key.index}/${key.attempt}`}
          tab={route.tab}
          run={key}
          experiment={experiment}
          manifest={manifest}
        />
      )}
    </Card>
  );
}

interface TabProps {
  readonly tab: RunTab;
  readonly run: { readonly batch: string; readonly index: number; readonly attempt: number };
  readonly experiment: ExperimentRecord;
  readonly manifest: Manifest | null;
}

function Tab({ tab, run, experiment, manifest }: TabProps) {
  switch (tab) {
    case 'log':
      return <LogPanel run={run} name={experiment.name} />;
    case 'curves':
      return <CurvesPanel run={run} experiment={experiment} mainMetric={manifest?.mainMetric ?? null} />;
    case 'details':
      return <DetailsPanel key={experiment.state.kind} run={run} experiment={experiment} />;
  }
}

function AttemptChoice({
  route,
  attempts,
  attempt,
}: {
  route: BatchRoute;
  attempts: number;
  attempt: number;
}) {
  const { actions } = useApp();
  return (
    <select
      className="input attempt"
      aria-label="Attempt"
      value={attempt}
      onChange={(event) => actions.refine({ ...route, attempt: Number(event.target.value) })}
    >
      {Array.from({ length: attempts }, (_, at) => (
        <option key={at} value={at + 1}>
          Attempt {at + 1} of {attempts}
        </option>
      ))}
    </select>
  );
}

/** The one or two things that can be done with a single experiment in its state. */
function RunActions({ experiment }: { experiment: ExperimentRecord }) {
  const { actions } = useApp();
  const { batch, index } = experiment;
  switch (experiment.state.kind) {
    case 'queued':
    case 'waiting':
      return (
        <Button small onClick={() => void actions.postpone(batch, index)}>
          Postpone
        </Button>
      );
    case 'postponed':
      return (
        <Button small onClick={() => void actions.release(batch, index)}>
          Release
        </Button>
      );
    case 'starting':
    case 'running':
    case 'paused':
      return (
        <Button small kind="danger" onClick={() => void actions.cancelExperiment(batch, index)}>
          End this run
        </Button>
      );
    case 'failed':
    case 'timed-out':
    case 'cancelled':
    case 'interrupted':
    case 'partial':
      return (
        <Button small onClick={() => void actions.retryBatch(batch, [index])}>
          Retry
        </Button>
      );
    case 'succeeded':
    case 'skipped':
      return null;
  }
}

function noAttemptText(experiment: ExperimentRecord): string {
  switch (experiment.state.kind) {
    case 'skipped':
      return `It did not run: ${experiment.state.sentence}`;
    case 'postponed':
      return `It has not run yet: ${experiment.state.sentence}`;
    default:
      return 'It has not started yet. Its log appears here with its first line.';
  }
}
