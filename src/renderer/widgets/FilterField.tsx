import { useState } from 'react';
import type { FieldPart } from '../../shared/domain/field.ts';
import type { FilterProblem } from '../../shared/domain/filter-signs.ts';
import { Panel } from './Panel.tsx';

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Null = it can be read. */
  readonly problem: FilterProblem | null;
  /** Names that a filter can ask for. */
  readonly names: readonly { readonly name: string; readonly part: FieldPart }[];
}

/** Words, or a question such as `lr>0.01`. What is wrong with it stands below, and the rows stay as they were. */
export function FilterField({ label, value, onChange, problem, names }: FilterFieldProps) {
  const [open, setOpen] = useState(false);
  const id = `problem-of-${label.replaceAll(/\W+/g, '-').toLowerCase()}`;
  return (
    <div className="filter-box">
      <input
        className="input filter"
        data-filter=""
        type="search"
        aria-label={label}
        aria-invalid={problem !== null || undefined}
        aria-describedby={problem === null ? undefined : id}
        placeholder="Filter"
        spellCheck={false}
        autoComplete="off"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          // A search field empties itself at Escape, and nothing else has to hear of it.
          if (event.key === 'Escape' && value !== '') event.stopPropagation();
        }}
      />
      {problem !== null && !open ? (
        <p className="filter-problem" id={id} role="status">
          <span className="mono truncate">
            {value.slice(0, problem.at)}
            <mark>{value.slice(problem.at, problem.end) || '␣'}</mark>
            {value.slice(problem.end)}
          </span>
          {problem.sentence}
        </p>
      ) : null}
      <Panel
        title="?"
        label="What a filter can say"
        hint="What a filter can say"
        open={open}
        onOpen={setOpen}
        kind="ghost"
        small
        role="dialog"
        className="filter-help"
      >
        <FilterHelp
          names={names}
          onName={(name) => {
            setOpen(false);
            const quoted = /^[^\s()[\]"'“”=!<>:≥≤≠]+$/.test(name) ? name : `"${name}"`;
            onChange(value.trim() === '' ? `${quoted}=` : `${value.trim()} and ${quoted}=`);
          }}
        />
      </Panel>
    </div>
  );
}

const PARTS: readonly (readonly [FieldPart, string])[] = [
  ['parameter', 'Parameters'],
  ['fact', 'Facts'],
  ['metric', 'Metrics'],
  ['result', 'Results'],
  ['run', 'Always there'],
];

function FilterHelp({ names, onName }: { names: FilterFieldProps['names']; onName: (name: string) => void }) {
  return (
    <>
      <p className="small">
        Words find names and states. <code>lr&gt;0.01</code>, <code>state:failed</code>,{' '}
        <code>hidden=[32,32]</code>, <code>seed in (1,2)</code>, <code>duration&gt;10min</code>, joined by{' '}
        <code>and</code>, <code>or</code>, <code>not</code> and brackets. Quotes for names and texts with
        blanks.
      </p>
      {PARTS.map(([part, title]) => {
        const own = names.filter((name) => name.part === part);
        return own.length === 0 ? null : (
          <section key={part}>
            <h3>{title}</h3>
            <p className="filter-names">
              {own.map(({ name }) => (
                <button key={name} type="button" data-entry="" onClick={() => onName(name)}>
                  {name}
                </button>
              ))}
            </p>
          </section>
        );
      })}
    </>
  );
}
