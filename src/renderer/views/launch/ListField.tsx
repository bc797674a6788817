import { useState } from 'react';
import type { OptionSpec } from '../../../shared/model/workload.ts';
import { listFromRange } from '../../state/list-range.ts';
import { Button } from '../../widgets/Button.tsx';
import { AxisFields } from './AxisFields.tsx';
import { TextField } from './Field.tsx';

interface ListFieldProps {
  readonly spec: OptionSpec;
  readonly label: string;
  readonly unit: string | undefined;
  readonly help: string;
  readonly problem: string | undefined;
  readonly text: string;
  readonly onChange: (text: string) => void;
}

/** A list of whole numbers, written out or filled from a range. */
export function ListField({ spec, text, onChange, help, problem, ...field }: ListFieldProps) {
  const [range, setRange] = useState<Parameters<typeof listFromRange>[0] | null>(null);
  const found = range === null ? null : listFromRange(range, spec);
  const wrong = found !== null && 'problem' in found ? found.problem : undefined;

  function open(): void {
    const numbers = text.split(/[\s,]+/).filter((part) => part !== '');
    const from = numbers[0] ?? String(spec.min ?? 0);
    const to = numbers.at(-1) ?? String(spec.max ?? 10);
    const count = String(Math.max(2, numbers.length));
    setRange(range === null ? { kind: 'range', from, to, count, scale: 'linear' } : null);
  }

  return (
    <div className="parameter" data-wide="">
      <TextField
        {...field}
        wide
        value={text}
        help={help}
        problem={problem}
        onChange={onChange}
        aside={
          <button type="button" className="kind-choice" aria-expanded={range !== null} onClick={open}>
            Range…
          </button>
        }
      />
      {range === null ? null : (
        <>
          <div className="list-filler" role="group" aria-label={`Range for ${field.label}`}>
            <AxisFields axis={range} onChange={(axis) => axis.kind === 'range' && setRange(axis)} />
            <Button
              small
              disabled={found === null || 'problem' in found}
              onClick={() => {
                if (found === null || 'problem' in found) return;
                onChange(found.list.join(', '));
                setRange(null);
              }}
            >
              Fill in
            </Button>
          </div>
          {wrong === undefined ? null : <p className="field-error">{wrong}</p>}
        </>
      )}
    </div>
  );
}
