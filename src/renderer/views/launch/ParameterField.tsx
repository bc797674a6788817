import type { SuiteParameter } from '../../../shared/model/suite-entry.ts';
import { useApp } from '../../app-context.ts';
import type { LaunchForm } from '../../state/launch-form.ts';
import { kindChoices, kindOfParameter, parameterAs } from '../../state/parameter-kind.ts';
import type { AxisForm } from '../../state/sweep-form.ts';
import { AxisFields } from './AxisFields.tsx';
import { Field, TextField } from './Field.tsx';

interface ParameterFieldProps {
  readonly parameter: SuiteParameter;
  readonly form: LaunchForm;
  readonly problem: string | undefined;
  /** Others could advance together with it. */
  readonly company: boolean;
}

/** One parameter of a suite: its value, or how it varies. */
export function ParameterField({ parameter, form, problem, company }: ParameterFieldProps) {
  const { actions } = useApp();
  const { name, text: fileText, hint } = parameter;
  const kind = kindOfParameter(form, name);
  const axis = form.axes[name];
  const text = form.options[name] ?? '';
  const change = (next: AxisForm): void => actions.changeForm({ axes: { ...form.axes, [name]: next } });
  const choice = (
    <select
      className="kind-choice"
      aria-label={`How ${name} varies`}
      value={kind}
      onChange={(event) => actions.changeForm(parameterAs(form, parameter, event.target.value))}
    >
      {kindChoices(parameter, kind).map(({ value, title }) => (
        <option key={value} value={value}>
          {title}
        </option>
      ))}
    </select>
  );
  const together =
    company && (kind === 'list' || kind === 'range') ? (
      <label className="check small together">
        <input
          type="checkbox"
          checked={form.together.includes(name)}
          onChange={(event) =>
            actions.changeForm({
              together: event.target.checked
                ? [...form.together, name]
                : form.together.filter((one) => one !== name),
            })
          }
        />
        advances together with others
      </label>
    ) : null;
  if (axis !== undefined) {
    return (
      <div className="parameter" data-wide="">
        <Field
          label={name}
          wide
          problem={problem}
          aside={choice}
          control={(attributes) => <AxisFields attributes={attributes} axis={axis} onChange={change} />}
        />
        {together}
      </div>
    );
  }
  const help =
    text === fileText ? hint : text.trim() === '' ? `empty: ${hint || fileText || 'as in the file'}` : '';
  return (
    <div className="parameter" data-wide={kind === 'list' || text.length > 18 ? '' : undefined}>
      <TextField
        wide
        label={name}
        value={text}
        aside={choice}
        {...(text === '' && hint !== '' ? { placeholder: hint } : { help })}
        onChange={(value) => actions.changeOption(name, value)}
      />
      {together}
    </div>
  );
}
