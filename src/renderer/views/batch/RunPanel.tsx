import { lazy, Suspense } from 'react';
import type { MainMetric } from '../../../shared/domain/metric-summary.ts';
import { isLive } from '../../../shared/domain/status.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { useApp } from '../../app-context.ts';
import type { DetailMirror } from '../../state/batches.ts';
import type { Route, RunTab } from '../../state/route.ts';
import { Card } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { experimentAppearance } from '../../widgets/tone.ts';
import { CurvesPanel } from './CurvesPanel.tsx';
import { DetailsPanel } from './DetailsPanel.tsx';
import { doingText, rateText } from './doing.ts';
import { LogGrid } from './LogGrid.tsx';
import { LogPanel } from './LogPanel.tsx';
import { MergedLogView } from './MergedLogView.tsx';
import { RunActions } from './RunActions.tsx';

/** The emulator is fetched when somebody wants to type, and not before. */
const TerminalPanel = lazy(async () => ({
  default: (await import('./TerminalPanel.tsx')).TerminalPanel,
}));

type BatchRoute = Extract<Route, { screen: 'batch' }>;

interface TabChoice {
  readonly value: RunTab;
  readonly title: string;
}

/** The first ones are of the chosen run, grid and merged of every worker. */
function tabsFor(experiment: ExperimentRecord, chosen: RunTab): readonly TabChoice[] {
  return [
    { value: 'log', title: 'Log' },
    { value: 'curves', title: 'Curves' },
    { value: 'details', title: 'Details' },
    ...(isLive(experiment.state) || chosen === 'terminal'
      ? [{ value: 'terminal' as const, title: 'Terminal' }]
      : []),
    { value: 'grid', title: 'Grid' },
    { value: 'merged', title: 'Merged' },
  ];
}

interface RunPanelProps {
  readonly route: BatchRoute;
  readonly experiment: ExperimentRecord;
  readonly detail: DetailMirror;
  readonly main: MainMetric | null;
}

/** What the chosen run says: its log, its curves, its facts. Or what all workers say. */
export function RunPanel({ route, experiment, detail, main }: RunPanelProps) {
  const { actions } = useApp();
  const attempt = Math.min(route.attempt ?? experiment.attempt, experiment.attempt);
  const key = { batch: experiment.batch, index: experiment.index, attempt };
  const all = route.tab === 'grid' || route.tab === 'merged';
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
            {[doingText(experiment), rateText(experiment)].filter(Boolean).join(' · ')}
          </span>
          <span className="spacer" />
          <RunActions experiment={experiment} detail={detail} />
          <Segmented
            label="Shown of this run"
            options={tabsFor(experiment, route.tab)}
            value={route.tab}
            onChange={(tab) => actions.refine({ ...route, run: experiment.index, tab })}
          />
        </>
      }
    >
      {all ? (
        <Workers route={route} detail={detail} />
      ) : attempt === 0 ? (
        <p className="run-none quiet">{noAttemptText(experiment)}</p>
      ) : (
        <Tab
          key={`${key.batch}/${key.index}/${key.attempt}`}
          tab={route.tab}
          run={key}
          experiment={experiment}
          main={main}
        />
      )}
    </Card>
  );
}

/** The logs of every worker, side by side or in one list. */
function Workers({ route, detail }: { route: BatchRoute; detail: DetailMirror }) {
  const { actions } = useApp();
  const { experiments, runs } = detail;
  return route.tab === 'merged' ? (
    <MergedLogView experiments={experiments} runs={runs} />
  ) : (
    <LogGrid
      experiments={experiments}
      runs={runs}
      onOpen={(run) => actions.refine({ ...route, run, attempt: null, tab: 'log' })}
    />
  );
}

interface TabProps {
  readonly tab: RunTab;
  readonly run: { readonly batch: string; readonly index: number; readonly attempt: number };
  readonly experiment: ExperimentRecord;
  readonly main: MainMetric | null;
}

function Tab({ tab, run, experiment, main }: TabProps) {
  switch (tab) {
    case 'log':
      return <LogPanel run={run} name={experiment.name} />;
    case 'curves':
      return <CurvesPanel run={run} experiment={experiment} main={main} />;
    case 'terminal':
      return (
        <Suspense fallback={null}>
          <TerminalPanel run={run} name={experiment.name} live={isLive(experiment.state)} />
        </Suspense>
      );
    case 'grid':
    case 'merged':
      return null;
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
