import { useEffect, useMemo } from 'react';
import { useApp, useAppState } from '../../app-context.ts';
import { formatCount, formatMoment } from '../../../shared/domain/format.ts';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import type { DetailMirror } from '../../state/batches.ts';
import type { Route } from '../../state/route.ts';
import { isLive, manifestOf } from '../../state/selectors.ts';
import { EmptyState, Screen } from '../../widgets/Screen.tsx';
import { SplitPanes } from '../../widgets/SplitPanes.tsx';
import { BatchActionsBar } from './BatchActionsBar.tsx';
import { BatchFigures } from './BatchFigures.tsx';
import { BatchWarnings } from './BatchWarnings.tsx';
import { ExperimentTable } from './ExperimentTable.tsx';
import { mainMetricOf } from './main-metric.ts';
import { PhaseStrip } from './PhaseStrip.tsx';
import { RunPanel } from './RunPanel.tsx';
import { followedRun } from './run-order.ts';
import { useSteady } from './use-steady.ts';
import { VerificationCard } from './VerificationCard.tsx';
import { WorkerLanes } from './WorkerLanes.tsx';

/** Milliseconds that a run is shown which nobody has chosen, before another one takes its place. */
const FOLLOWED_STAYS = 1_500;

type BatchRoute = Extract<Route, { screen: 'batch' }>;

/** One batch while it runs and afterwards. */
export function BatchScreen({ route }: { route: BatchRoute }) {
  const { actions } = useApp();
  const batch = useAppState((state) => state.batches?.[route.batch] ?? null);
  const known = useAppState((state) => state.batches !== null);
  const detail = useAppState((state) => state.details[route.batch] ?? null);

  useEffect(() => actions.openBatch(route.batch), [actions, route.batch]);

  if (batch === null) {
    return (
      <Screen title={route.batch} facts={known ? 'There is no such batch' : 'Reading the batches…'}>
        {known ? (
          <EmptyState
            title="This batch is not here"
            sentence="It may have been moved to the workspace's trash folder, or it belongs to another workspace."
          />
        ) : null}
      </Screen>
    );
  }
  const shown = detail === null || detail.kind === 'failed' ? null : detail.shown;
  return (
    <Screen title={batch.title} facts={<Facts batch={batch} />} actions={<BatchActionsBar batch={batch} />}>
      {detail?.kind === 'failed' ? <p className="sentence-error">{detail.sentence}</p> : null}
      {'sentence' in batch.state && batch.state.sentence ? (
        <p className="sentence-note" data-tone="warning">
          {batch.state.sentence}
        </p>
      ) : null}
      {isLive(batch) ? null : <BatchWarnings key={batch.id} batch={batch.id} />}
      <BatchFigures batch={batch} />
      {shown ? <PhaseStrip experiments={shown.experiments} /> : null}
      {shown ? <BatchBody route={route} batch={batch} detail={shown} /> : null}
      {shown && !isLive(batch) ? <VerificationCard key={batch.id} batch={batch.id} /> : null}
    </Screen>
  );
}

function BatchBody({
  route,
  batch,
  detail,
}: {
  route: BatchRoute;
  batch: BatchRecord;
  detail: DetailMirror;
}) {
  const { actions } = useApp();
  const manifest = useAppState((state) => manifestOf(state, batch.workload));
  // Which metric runs have reported first, the table alone needs to know.
  const main = useMemo(() => mainMetricOf(batch, manifest, []), [batch, manifest]);
  const share = useAppState((state) => state.paneShare);
  const followed = useSteady(followedRun(detail.experiments), FOLLOWED_STAYS);
  const chosen = route.run ?? followed;
  const experiment = detail.experiments.find((candidate) => candidate.index === chosen) ?? null;

  useEffect(() => {
    void actions.ensureWorkloads();
  }, [actions]);

  const select = (run: number): void => actions.refine({ ...route, run, attempt: null });
  return (
    <>
      <WorkerLanes batch={batch} detail={detail} selected={chosen} onSelect={select} />
      <SplitPanes
        label="Table and run"
        share={share}
        onShare={actions.choosePaneShare}
        first={
          <ExperimentTable
            batch={batch}
            experiments={detail.experiments}
            runs={detail.runs}
            manifest={manifest}
            selected={chosen}
            onSelect={select}
          />
        }
        second={
          experiment ? <RunPanel route={route} experiment={experiment} detail={detail} main={main} /> : null
        }
      />
    </>
  );
}

function Facts({ batch }: { batch: BatchRecord }) {
  const facts = [
    formatCount(batch.counts.total, 'experiment'),
    `${formatCount(batch.workers, 'worker')} on ${batch.device}`,
    `started ${formatMoment(batch.createdAt)}`,
    `seed ${batch.request.seed}`,
  ];
  return (
    <>
      {facts.join(' · ')} · <span className="mono tiny">{batch.id}</span>
    </>
  );
}
