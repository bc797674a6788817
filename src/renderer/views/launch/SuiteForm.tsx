import type { SuiteDocument } from '../../../shared/model/suite-entry.ts';
import { useApp } from '../../app-context.ts';
import type { LaunchForm } from '../../state/launch-form.ts';
import { SUITE_WORKLOAD } from '../../state/route.ts';
import { Button } from '../../widgets/Button.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { TextField } from './Field.tsx';
import { SuiteText } from './SuiteText.tsx';

/** The parameters of the chosen suite, and its file. */
export function SuiteForm({ suite, form }: { suite: SuiteDocument; form: LaunchForm }) {
  const { actions } = useApp();
  const { check } = suite;
  const parameters = check.kind === 'ok' ? check.parameters : [];
  const texts = form.suite?.texts ?? {};
  const changed = Object.keys(form.options).filter((name) => form.options[name] !== texts[name]);
  return (
    <Card
      title="Suite"
      head={
        <>
          <span className="spacer" />
          {changed.length > 0 ? (
            <Button kind="ghost" small onClick={() => actions.changeForm({ options: texts })}>
              Back to the file ({changed.length} changed)
            </Button>
          ) : null}
          <Button
            kind="ghost"
            small
            title="Read the file again"
            onClick={() =>
              void actions.loadWorkloads({ workload: SUITE_WORKLOAD, preset: null, suite: suite.id })
            }
          >
            Read again
          </Button>
        </>
      }
    >
      <div className="card-body">
        <p className="suite-path mono tiny quiet">{suite.path}</p>
        {check.kind === 'problem' && check.line === null ? (
          <p className="sentence-error" role="alert">
            {check.sentence}
          </p>
        ) : null}
        {parameters.length > 0 ? (
          <div className="fields">
            {parameters.map(({ name, hint, text }) => (
              <TextField
                key={name}
                label={name}
                value={form.options[name] ?? ''}
                {...(text === '' && hint !== '' ? { placeholder: hint } : { help: hint })}
                wide={(form.options[name] ?? '').length > 18}
                onChange={(value) => actions.changeOption(name, value)}
              />
            ))}
          </div>
        ) : null}
        {check.kind === 'ok' && parameters.length === 0 ? (
          <p className="small quiet">This suite has no parameters to set.</p>
        ) : null}
        {parameters.length > 0 ? (
          <p className="field-help suite-help">
            A list such as [0.1, 0.2] is tried value by value. The file itself stays as it is.
          </p>
        ) : null}
        {suite.text === '' ? null : (
          <details key={check.kind} className="more" open={check.kind === 'problem' || undefined}>
            <summary>The file</summary>
            <SuiteText name={suite.name} text={suite.text} check={check} />
          </details>
        )}
      </div>
    </Card>
  );
}
