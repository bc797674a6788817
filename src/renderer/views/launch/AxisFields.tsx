import type { AxisForm } from '../../state/sweep-form.ts';
import type { FieldAttributes } from './Field.tsx';

const scales = [
  { value: 'linear', title: 'evenly' },
  { value: 'log', title: 'log scale' },
] as const;

const distributions = [
  { value: 'uniform', title: 'evenly between' },
  { value: 'logUniform', title: 'log scale between' },
  { value: 'integer', title: 'whole numbers' },
  { value: 'choice', title: 'one of' },
] as const;

interface AxisFieldsProps {
  readonly attributes?: FieldAttributes;
  readonly axis: AxisForm;
  readonly onChange: (axis: AxisForm) => void;
}

/** The numbers of a range or of a draw, in a line. */
export function AxisFields({ attributes, axis, onChange }: AxisFieldsProps) {
  switch (axis.kind) {
    case 'seeds':
      return (
        <Cell
          {...(attributes ? { attributes } : {})}
          label="Number of seeds"
          value={axis.count}
          onChange={(count) => onChange({ ...axis, count })}
        />
      );
    case 'range':
      return (
        <div className="axis">
          <Cell
            {...(attributes ? { attributes } : {})}
            label="From"
            value={axis.from}
            onChange={(from) => onChange({ ...axis, from })}
          />
          <span className="quiet small">to</span>
          <Cell label="To" value={axis.to} onChange={(to) => onChange({ ...axis, to })} />
          <span className="quiet small">in</span>
          <Cell
            label="Number of values"
            value={axis.count}
            onChange={(count) => onChange({ ...axis, count })}
          />
          <Choice
            label="Spacing"
            value={axis.scale}
            choices={scales}
            onChange={(scale) => onChange({ ...axis, scale })}
          />
        </div>
      );
    case 'random':
      return (
        <div className="axis">
          <Choice
            label="Distribution"
            value={axis.distribution}
            choices={distributions}
            onChange={(distribution) => onChange({ ...axis, distribution })}
          />
          {axis.distribution === 'choice' ? (
            <Cell
              {...(attributes ? { attributes } : {})}
              label="Choices"
              value={axis.choices}
              onChange={(choices) => onChange({ ...axis, choices })}
            />
          ) : (
            <>
              <Cell
                {...(attributes ? { attributes } : {})}
                label="Lowest"
                value={axis.low}
                onChange={(low) => onChange({ ...axis, low })}
              />
              <span className="quiet small">and</span>
              <Cell label="Highest" value={axis.high} onChange={(high) => onChange({ ...axis, high })} />
            </>
          )}
        </div>
      );
  }
}

interface CellProps {
  readonly attributes?: FieldAttributes;
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function Cell({ attributes, label, value, onChange }: CellProps) {
  return (
    <input
      {...attributes}
      className="input"
      aria-label={label}
      title={label}
      value={value}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function Choice<T extends string>({
  label,
  value,
  choices,
  onChange,
}: {
  label: string;
  value: T;
  choices: readonly { readonly value: T; readonly title: string }[];
  onChange: (value: T) => void;
}) {
  return (
    <select
      className="input"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const next = choices.find((choice) => choice.value === event.target.value);
        if (next) onChange(next.value);
      }}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.title}
        </option>
      ))}
    </select>
  );
}
