import { useApp } from '../../app-context.ts';
import type { Manifest, OptionSpec } from '../../../shared/model/workload.ts';
import { type LaunchForm, presetOptions } from '../../state/launch-form.ts';
import { Card } from '../../widgets/Screen.tsx';
import { CheckField, ChoiceField, TextField } from './Field.tsx';
import { ListField } from './ListField.tsx';

interface OptionFormProps {
  readonly manifest: Manifest;
  readonly form: LaunchForm;
  readonly problems: Readonly<Record<string, string>>;
}

/** The workload's own options, drawn from its manifest. */
export function OptionForm({ manifest, form, problems }: OptionFormProps) {
  const defaults = presetOptions(manifest, form.preset);
  const changed = manifest.options.filter((spec) => form.options[spec.name] !== defaults[spec.name]);
  const advanced = manifest.options.filter((spec) => spec.advanced);
  const mustShow = advanced.some((spec) => problems[spec.name] !== undefined || changed.includes(spec));
  const field = (spec: OptionSpec) => (
    <OptionField
      key={spec.name}
      spec={spec}
      text={form.options[spec.name] ?? ''}
      problem={problems[spec.name]}
    />
  );
  return (
    <Card title="Options">
      <div className="card-body">
        <div className="fields">{manifest.options.filter((spec) => !spec.advanced).map(field)}</div>
        {advanced.length > 0 ? (
          <details className="more" open={mustShow || undefined}>
            <summary>More options ({advanced.length})</summary>
            <div className="fields">{advanced.map(field)}</div>
          </details>
        ) : null}
      </div>
    </Card>
  );
}

function OptionField({
  spec,
  text,
  problem,
}: {
  spec: OptionSpec;
  text: string;
  problem: string | undefined;
}) {
  const { actions } = useApp();
  const shared = { label: optionTitle(spec.name), unit: spec.unit, help: spec.help, problem };
  const change = (value: string): void => actions.changeOption(spec.name, value);
  switch (spec.type) {
    case 'boolean':
      return (
        <CheckField
          label={shared.label}
          help={spec.help}
          checked={text === 'true'}
          onChange={(checked) => change(String(checked))}
        />
      );
    case 'choice':
      return (
        <ChoiceField
          {...shared}
          value={text}
          choices={(spec.choices ?? []).map((choice) => ({ value: choice, title: choice }))}
          onChange={change}
        />
      );
    case 'integer-list':
      return <ListField {...shared} spec={spec} text={text} onChange={change} />;
    case 'string':
      return <TextField {...shared} wide value={text} onChange={change} />;
    case 'integer':
    case 'number':
      return <TextField {...shared} numeric value={text} onChange={change} />;
  }
}

/** `target-ratios` as "Target ratios". */
export function optionTitle(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
