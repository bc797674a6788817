interface StepperProps {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A small whole number, one up or one down. */
export function Stepper({ label, value, min, max, disabled = false, onChange }: StepperProps) {
  return (
    <div className="stepper-group">
      <span className="quiet small">{label}</span>
      <div className="stepper" role="group" aria-label={label}>
        <button
          type="button"
          aria-label={`One ${singular(label)} fewer`}
          disabled={disabled || value <= min}
          onClick={() => onChange(value - 1)}
        >
          −
        </button>
        <output aria-label={label}>{value}</output>
        <button
          type="button"
          aria-label={`One more ${singular(label)}`}
          disabled={disabled || value >= max}
          onClick={() => onChange(value + 1)}
        >
          +
        </button>
      </div>
    </div>
  );
}

function singular(label: string): string {
  return label.toLowerCase().replace(/s$/, '');
}
