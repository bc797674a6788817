import { useEffect, useState } from 'react';
import { formatDevices } from '../../../shared/domain/device-set.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import type { Comparison } from '../../../shared/model/comparison.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { AppState } from '../../state/app-state.ts';
import type { PlotKind, Route } from '../../state/route.ts';
import { Button } from '../../widgets/Button.tsx';
import { EmptyState, Screen } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { ExportMenu } from './ExportMenu.tsx';
import { hasFigure } from './figures.ts';
import { inSentence, isSeeded, subjectName } from './groups.ts';
import type { Spread } from './scatter-figure.ts';
import { PlotPicture } from './PlotPicture.tsx';
import { ResultChoice } from './ResultChoice.tsx';
import { ResultsBody } from './ResultsBody.tsx';

type ResultsRoute = Extract<Route, { screen: 'results' }>;

const kinds: readonly { readonly value: PlotKind; readonly title: string }[] = [
  { value: 'scatter', title: 'Scatter' },
  { value: 'groups', title: 'By group' },
  { value: 'box', title: 'Box' },
  { value: 'bands', title: 'Bands' },
  { value: 'families', title: 'Families' },
  { value: 'curves', title: 'Convergence' },
];

/** Every valid result compared; nothing is trained again. */
export function ResultsScreen({ route }: { route: ResultsRoute }) {
  const { actions, connection } = useApp();
  const summary = useAppState((state) => state.summary);
  const comparison = useAppState((state) => state.comparison);
  const workload = route.workload ?? summary.value?.[0]?.workload ?? null;
  const { suite = null, group = null, x = null, metric = null, value = null } = route;
  // Results that arrive while the screen is open are taken in.
  const finished = useAppState(succeededCount);
  const [chosenSpread, setSpread] = useState<Spread | null>(null);

  useEffect(
    () =>
      connection.attach(() => {
        if (finished !== null) void actions.loadResultSummary();
        return () => {};
      }),
    [actions, connection, finished],
  );
  useEffect(() => {
    if (workload !== null && finished !== null)
      void actions.loadComparison({ workload, batch: route.batch, suite, group, x, metric, value });
  }, [actions, workload, route.batch, suite, group, x, metric, value, finished]);

  if (summary.value !== null && summary.value.length === 0) {
    return (
      <Screen title="Results" facts="No results yet">
        <EmptyState
          title="Nothing to compare yet"
          sentence="When experiments succeed, their results meet here: means with their errors, distributions, and tests between any two of them."
          picture={<PlotPicture />}
        >
          <Button
            kind="primary"
            onClick={() => actions.go({ screen: 'launch', workload: null, preset: null })}
          >
            Choose a preset
          </Button>
        </EmptyState>
      </Screen>
    );
  }
  const shown = comparison.value;
  // People look at how seeds scatter, and at how sure the mean of a test set is.
  const spread = chosenSpread ?? (shown !== null && isSeeded(shown) ? 'deviation' : 'stderr');
  const usable =
    shown === null
      ? []
      : kinds.filter((kind) => hasFigure(kind.value, shown)).map((kind) => withOwnTitle(kind, shown));
  const plot = usable.find((kind) => kind.value === route.plot)?.value ?? usable[0]?.value ?? null;
  return (
    <Screen
      title={shown ? titleOf(shown, plot) : 'Results'}
      facts={shown ? factsText(shown) : (comparison.problem ?? summary.problem ?? 'Comparing the results…')}
      actions={
        shown && plot !== null && workload !== null ? (
          <>
            <ExportMenu
              selection={{ workload, batch: route.batch, suite, group, x, metric, value }}
              comparison={shown}
              kind={plot}
              spread={spread}
            />
          </>
        ) : null
      }
    >
      {comparison.problem ? <p className="sentence-error">{comparison.problem}</p> : null}
      <ResultChoice route={route} workload={workload} shown={shown} />
      {shown !== null && shown.notes.length > 0 ? (
        <p className="small quiet" role="status">
          {shown.notes.join(' ')}
        </p>
      ) : null}
      {plot === null ? null : (
        <div className="figure-tabs">
          <Segmented
            label="Figure"
            value={plot}
            options={usable}
            onChange={(next) => actions.refine({ ...route, plot: next })}
          />
        </div>
      )}
      {shown && plot !== null ? (
        <ResultsBody comparison={shown} kind={plot} spread={spread} onSpread={setSpread} />
      ) : null}
      {shown && plot === null && comparison.problem === null ? (
        <EmptyState
          title="No result in this selection"
          sentence="Choose all batches, or wait for the first experiment to succeed."
          picture={<PlotPicture />}
        />
      ) : null}
    </Screen>
  );
}

/** Successes known to the window: a new one means new results. Null before the first snapshot. */
function succeededCount(state: AppState): number | null {
  if (state.batches === null) return null;
  return Object.values(state.batches).reduce((sum, batch) => sum + batch.counts.succeeded, 0);
}

function factsText(comparison: Comparison): string {
  const experiments = new Set(comparison.rows.map((row) => row.index)).size;
  const values = comparison.rows.reduce((sum, row) => sum + row.count, 0);
  const seeds = Math.max(...comparison.rows.map((row) => row.seeds));
  const devices = [...new Set(comparison.rows.map((row) => formatDevices(row.device)))].join(', ');
  return `${formatCount(experiments, subjectName(comparison))} of ${formatCount(comparison.batches.length, 'batch', 'batches')}${seeds > 1 ? ` · ${seeds} seeds each` : ''} · ${formatCount(values, 'value')} · on ${devices}`;
}

function titleOf({ spec }: Comparison, plot: PlotKind | null): string {
  const against = plot === 'scatter' ? spec.xTitle : spec.groupTitle;
  return `${spec.valueTitle} against ${inSentence(against)}`;
}

/** Some figures are named after what the workload compares. */
function withOwnTitle(kind: (typeof kinds)[number], { spec }: Comparison): (typeof kinds)[number] {
  switch (kind.value) {
    case 'scatter':
      return spec.x === 'parameterCount'
        ? kind
        : { ...kind, title: `Over ${inSentence(plainTitle(spec.xTitle))}` };
    case 'groups':
      return { ...kind, title: `By ${inSentence(plainTitle(spec.groupTitle))}` };
    case 'families':
      return spec.family
        ? { ...kind, title: `${upperFirst(spec.family.low)} / ${inSentence(spec.family.high)}` }
        : kind;
    default:
      return kind;
  }
}

/** Without its unit or symbol in brackets. */
function plainTitle(title: string): string {
  return title.replace(/ *\([^()]*\)$/, '');
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
