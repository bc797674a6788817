import type { GroupChoice } from './row-grouping.ts';

interface GroupSelectProps {
  readonly choices: readonly GroupChoice[];
  readonly value: string | null;
  readonly onChange: (id: string | null) => void;
}

/** What the rows are grouped by. */
export function GroupSelect({ choices, value, onChange }: GroupSelectProps) {
  return (
    <select
      className="input group-choice"
      data-tool="group"
      data-set={value === null ? undefined : ''}
      aria-label="Group experiments"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">Not grouped</option>
      {(['Together', 'Parameters'] as const).map((section) => {
        const own = choices.filter((choice) => choice.section === section);
        return own.length === 0 ? null : (
          <optgroup key={section} label={section === 'Together' ? 'Group by' : 'Group by parameter'}>
            {own.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </optgroup>
        );
      })}
    </select>
  );
}
