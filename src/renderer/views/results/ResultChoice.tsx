import type { Comparison } from '../../../shared/model/comparison.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { Route } from '../../state/route.ts';
import { sortedBatches } from '../../state/selectors.ts';
import { AxisChoices } from './AxisChoices.tsx';

/** As the workload or its suite says. */
const PLAIN = { group: null, x: null, metric: null, value: null } as const;

interface ResultChoiceProps {
  readonly route: Extract<Route, { screen: 'results' }>;
  readonly workload: string | null;
  readonly shown: Comparison | null;
}

/** Which workload, which suite and which batches are compared. */
export function ResultChoice({ route, workload, shown }: ResultChoiceProps) {
  const { actions } = useApp();
  const summary = useAppState((state) => state.summary.value);
  const batches = useAppState((state) => state.batches);
  const { suite = null, suites = [] } = shown ?? {};
  const own = sortedBatches(batches ?? {}).filter(
    (batch) =>
      batch.workload === workload &&
      batch.counts.succeeded > 0 &&
      (suites.length === 0 || batch.preset === suite),
  );
  return (
    <div className="selection">
      {summary && summary.length > 1 && workload !== null ? (
        <label className="selection-item small quiet">
          Workload
          <select
            className="input"
            value={workload}
            onChange={(event) =>
              actions.refine({
                ...route,
                workload: event.target.value,
                ...PLAIN,
                batch: null,
                suite: null,
              })
            }
          >
            {summary.map((entry) => (
              <option key={entry.workload} value={entry.workload}>
                {entry.title}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      {suites.length > 1 ? (
        <label className="selection-item small quiet">
          Suite
          <select
            className="input"
            value={suite ?? ''}
            onChange={(event) =>
              actions.refine({ ...route, ...PLAIN, suite: event.target.value, batch: null })
            }
          >
            {suite === null ? <option value="">several</option> : null}
            {suites.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <label className="selection-item small quiet">
        Results of
        <select
          className="input"
          value={route.batch ?? ''}
          onChange={(event) => {
            const batch = event.target.value === '' ? null : event.target.value;
            // What was the suite of the batch stays the suite when all of its batches are asked for.
            actions.refine({ ...route, batch, suite: suites.length === 0 ? null : suite });
          }}
        >
          <option value="">all batches, the newest of each experiment</option>
          {own.map((batch) => (
            <option key={batch.id} value={batch.id}>
              {batch.title} ({batch.id})
            </option>
          ))}
        </select>
      </label>
      {shown === null ? null : <AxisChoices route={route} comparison={shown} />}
    </div>
  );
}
