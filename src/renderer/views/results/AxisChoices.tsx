import type { Comparison, ComparisonAxis } from '../../../shared/model/comparison.ts';
import { useApp } from '../../app-context.ts';
import type { Route } from '../../state/route.ts';

interface AxisChoicesProps {
  readonly route: Extract<Route, { screen: 'results' }>;
  readonly comparison: Comparison;
}

/** Which value is compared, what it is grouped by and drawn over, where the results leave a choice. */
export function AxisChoices({ route, comparison: { choices, compared, spec } }: AxisChoicesProps) {
  const { actions } = useApp();
  return (
    <div className="selection-axes">
      <AxisChoice
        label="Metric"
        value={compared.metric ?? ''}
        choices={choices.metrics}
        onChange={(metric) => actions.refine({ ...route, metric })}
      />
      <AxisChoice
        label="Value"
        value={compared.value}
        choices={choices.values}
        onChange={(value) => actions.refine({ ...route, value })}
      />
      <AxisChoice
        label="Grouped by"
        value={spec.group}
        choices={choices.groups}
        onChange={(group) => actions.refine({ ...route, group })}
      />
      <AxisChoice
        label="Over"
        value={spec.x}
        choices={choices.x}
        onChange={(x) => actions.refine({ ...route, x })}
      />
    </div>
  );
}

function AxisChoice({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: string;
  choices: readonly ComparisonAxis[];
  /** Null = the first choice, which holds when nothing is asked for. */
  onChange: (name: string | null) => void;
}) {
  if (choices.length < 2) return null;
  return (
    <label className="selection-item small quiet">
      {label}
      <select
        className="input"
        value={value}
        onChange={(event) => onChange(event.target.value === choices[0]?.name ? null : event.target.value)}
      >
        {choices.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
