import type { PlannedExperiment } from '../model/plan.ts';
import type { RunRecord } from '../model/run.ts';
import { experimentFields, type ExperimentRow } from './experiment-fields.ts';
import type { Field, RowFacts } from './field.ts';
import { plainText } from './filter-value.ts';

type PlanField = Field<PlannedExperiment>;

const OWN: readonly PlanField[] = [
  own('action', 'What happens', ({ action }) => action),
  own('reason', 'Why', ({ reason }) => reason),
  own('duration', 'Time', ({ action, estimate }) => (action === 'run' ? estimate.seconds : null)),
  own('memory', 'Memory', ({ action, estimate }) => (action === 'run' ? estimate.memoryMb : null)),
];

function own(name: string, title: string, value: PlanField['value']): PlanField {
  return { name, title, part: 'run', value };
}

/** What is known of an experiment before it has run, of the names that experiments of batches have. */
const SHARED: ReadonlySet<string> = new Set(['index', 'name', 'phase', 'queue', 'seed']);

/** What is known of the experiments of a plan, by the names that they will have in their batch. */
export function planFacts(experiments: readonly PlannedExperiment[]): RowFacts<PlannedExperiment> {
  const fields = experimentFields(experiments.map(asRow), null)
    .filter(({ name, part }) => part !== 'run' || SHARED.has(name))
    .map((field): PlanField => ({ ...field, value: (planned) => field.value(asRow(planned)) }));
  return { fields: [...OWN, ...fields], text: planText };
}

function planText({ name, action, index, reason }: PlannedExperiment, wanted: string): boolean {
  return (
    plainText(name).includes(wanted) ||
    action.includes(wanted) ||
    plainText(reason).includes(wanted) ||
    String(index) === wanted
  );
}

/** The experiment as it would stand in a batch that has done nothing yet. */
function asRow(planned: PlannedExperiment): ExperimentRow {
  const run: RunRecord | null = null;
  return {
    experiment: {
      ...planned,
      batch: '',
      order: 0,
      state: { kind: 'queued' },
      attempt: 0,
      live: null,
      summary: null,
    },
    run,
  };
}
