import { formatCount } from '../../../shared/domain/format.ts';
import type { SuiteDocument } from '../../../shared/model/suite-entry.ts';
import { useApp } from '../../app-context.ts';
import type { LaunchForm } from '../../state/launch-form.ts';
import { kindOfParameter } from '../../state/parameter-kind.ts';
import { SUITE_WORKLOAD } from '../../state/route.ts';
import { sweepCount } from '../../state/sweep-count.ts';
import { Button } from '../../widgets/Button.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { TextField } from './Field.tsx';
import { ParameterField } from './ParameterField.tsx';
import { SuiteText } from './SuiteText.tsx';
import { TableImport } from './TableImport.tsx';

interface SuiteFormProps {
  readonly suite: SuiteDocument;
  readonly form: LaunchForm;
  readonly problems: Readonly<Record<string, string>>;
}

/** The parameters of the chosen suite, each with how it varies, and its file. */
export function SuiteForm({ suite, form, problems }: SuiteFormProps) {
  const { actions } = useApp();
  const { check } = suite;
  const all = check.kind === 'ok' ? check.parameters : [];
  const columns = form.table?.columns ?? [];
  const parameters = all.filter(({ name }) => !columns.includes(name));
  const varying = parameters.filter(({ name }) => ['list', 'range'].includes(kindOfParameter(form, name)));
  const drawn = parameters.some(({ name }) => form.axes[name]?.kind === 'random');
  return (
    <Card
      title="Suite"
      head={
        <>
          <span className="spacer" />
          <Button
            kind="ghost"
            small
            title="Read the file again"
            onClick={() =>
              void actions.loadWorkloads({
                workload: SUITE_WORKLOAD,
                preset: form.preset === 'suite' ? null : form.preset,
                suite: form.preset === 'suite' ? suite.id : null,
              })
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
        {all.length > 0 ? <RunCount form={form} suite={suite} /> : null}
        {form.table ? <TableFacts form={form} /> : null}
        {parameters.length > 0 ? (
          <div className="fields">
            {parameters.map((parameter) => (
              <ParameterField
                key={parameter.name}
                parameter={parameter}
                form={form}
                problem={problems[`axis:${parameter.name}`]}
                company={varying.length > 1}
              />
            ))}
            {drawn ? (
              <TextField
                label="Draws"
                help="How often all random parameters are drawn."
                problem={problems.draws}
                value={form.draws}
                numeric
                onChange={(draws) => actions.changeForm({ draws })}
              />
            ) : null}
          </div>
        ) : null}
        {check.kind === 'ok' && all.length === 0 ? (
          <p className="small quiet">This suite has no parameters to set.</p>
        ) : null}
        {all.length > 0 ? (
          <>
            <p className="field-help suite-help">
              Lists and ranges multiply, unless they advance together. The file itself stays as it is.
            </p>
            <TableImport parameters={all} form={form} />
          </>
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

/** What the parameters multiply to, before the plan has come. */
function RunCount({ form, suite }: { form: LaunchForm; suite: SuiteDocument }) {
  const found = sweepCount(form, suite.check);
  if (found === null) return null;
  return (
    <p className="run-count" role="status" aria-label="Runs" data-tone={found.problem ? 'failed' : undefined}>
      <span className="run-count-text">{found.text}</span>
      {found.problem ? <span className="toned small">{found.problem}</span> : null}
    </p>
  );
}

/** The table that stands in the place of its columns. */
function TableFacts({ form }: { form: LaunchForm }) {
  const { actions } = useApp();
  const { table } = form;
  if (table === null) return null;
  return (
    <p className="table-facts small">
      <span title={table.columns.join(', ')}>
        {formatCount(table.rows.length, 'experiment')} from {table.name === '' ? 'a table' : table.name}:{' '}
        {table.columns.join(', ')}
      </span>
      <Button small kind="ghost" onClick={() => actions.changeForm({ table: null })}>
        Leave out
      </Button>
    </p>
  );
}
