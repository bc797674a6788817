import { type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly unit?: string | undefined;
  readonly help?: string | undefined;
  readonly problem?: string | undefined;
  readonly wide?: boolean;
  /** At the right end of the line of the label. */
  readonly aside?: ReactNode;
  /** Draws the control with the attributes that tie it to its label, help and problem. */
  readonly control: (attributes: FieldAttributes) => ReactNode;
}

export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

export function Field({ label, unit, help, problem, wide, aside, control }: FieldProps) {
  const id = useId();
  return (
    <div className="field" data-wide={wide ? '' : undefined}>
      <div className="field-line">
        <label
          className={aside ? 'field-label truncate' : 'field-label'}
          htmlFor={id}
          title={aside ? label : undefined}
        >
          {label}
          {unit ? <span className="unit">{unit}</span> : null}
        </label>
        {aside}
      </div>
      {control({ id, 'aria-describedby': `${id}-help`, 'aria-invalid': problem !== undefined })}
      <div id={`${id}-help`} className={problem ? 'field-error' : 'field-help'}>
        {problem ?? help}
      </div>
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'control'> {
  readonly value: string;
  readonly placeholder?: string;
  readonly numeric?: boolean;
  readonly onChange: (text: string) => void;
}

export function TextField({ value, placeholder, numeric, onChange, ...field }: TextFieldProps) {
  return (
    <Field
      {...field}
      control={(attributes) => (
        <input
          {...attributes}
          className="input"
          value={value}
          placeholder={placeholder}
          inputMode={numeric ? 'decimal' : 'text'}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    />
  );
}

interface ChoiceFieldProps extends Omit<FieldProps, 'control'> {
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly title: string }[];
  readonly onChange: (value: string) => void;
}

export function ChoiceField({ value, choices, onChange, ...field }: ChoiceFieldProps) {
  return (
    <Field
      {...field}
      control={(attributes) => (
        <select
          {...attributes}
          className="input"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        >
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.title}
            </option>
          ))}
        </select>
      )}
    />
  );
}

interface CheckFieldProps {
  readonly label: string;
  readonly help: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function CheckField({ label, help, checked, onChange }: CheckFieldProps) {
  const id = useId();
  return (
    <div className="field" data-wide="">
      <label className="check">
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={id}
          onChange={(event) => onChange(event.target.checked)}
        />
        {label}
      </label>
      <div id={id} className="field-help check-help">
        {help}
      </div>
    </div>
  );
}
