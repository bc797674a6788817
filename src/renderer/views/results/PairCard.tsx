import { formatNumber } from '../../../shared/domain/format.ts';
import { testsOf } from '../../../shared/domain/pair-test.ts';
import type { Comparison } from '../../../shared/model/comparison.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { Card } from '../../widgets/Screen.tsx';
import { comparedOf, groupName, groupText, subjectName } from './groups.ts';
import { signed } from './twin.ts';

/** Two experiments tested against each other, group by group. */
export function PairCard({ comparison }: { comparison: Comparison }) {
  const { store } = useApp();
  const pair = useAppState((state) => state.pair);
  const names = comparedOf(comparison).map((compared) => compared.name);
  const a = pair[0] !== null && names.includes(pair[0]) ? pair[0] : (names.at(-1) ?? null);
  const b = pair[1] !== null && names.includes(pair[1]) ? pair[1] : (names[0] ?? null);
  const tests = a === null || b === null || a === b ? [] : testsOf(comparison, a, b);
  return (
    <Card title="Difference">
      <div className="card-body pair">
        <Choice
          label={`First ${subjectName(comparison)}`}
          names={names}
          value={a}
          onChange={(name) => store.getState().pairChosen([name, b])}
        />
        <span className="quiet">over</span>
        <Choice
          label={`Second ${subjectName(comparison)}`}
          names={names}
          value={b}
          onChange={(name) => store.getState().pairChosen([a, name])}
        />
      </div>
      {tests.length === 0 ? (
        <p className="table-note">
          {names.length < 2
            ? 'A test needs two experiments with results.'
            : 'Choose two different experiments with two or more values each in the same group; one seed alone cannot be tested.'}
        </p>
      ) : (
        <table className="table pair-table" aria-label={`Mann-Whitney test of ${a} over ${b}`}>
          <thead>
            <tr>
              <th scope="col" title={comparison.spec.groupTitle}>
                {groupName(comparison)}
              </th>
              <th scope="col" data-align="right">
                Difference
              </th>
              <th scope="col" data-align="right">
                p
              </th>
              <th scope="col" data-align="right">
                Values
              </th>
            </tr>
          </thead>
          <tbody>
            {tests.map((test) => (
              <tr
                key={String(test.n)}
                title={`${groupText(comparison, test.n)}: U = ${formatNumber(test.u, 1)}`}
              >
                <td>{test.n}</td>
                <td data-align="right" className={test.p < 0.05 ? 'strong' : 'quiet'}>
                  {signed(test.difference)}
                </td>
                <td data-align="right">{pText(test.p)}</td>
                <td data-align="right" className="quiet">
                  {test.countA === test.countB
                    ? formatNumber(test.countA)
                    : `${formatNumber(test.countA)}, ${formatNumber(test.countB)}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="table-note tiny">
        Difference of the means; two-sided Mann-Whitney test, bold below p = 0.05, not corrected for many
        tests.
      </p>
    </Card>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string | null;
  readonly onChange: (name: string) => void;
}

function Choice({ label, names, value, onChange }: ChoiceProps) {
  return (
    <select
      className="input mono"
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value)}
    >
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** "0.003", "< 0.001". */
export function pText(p: number): string {
  return p < 0.001 ? '<\u20090.001' : formatNumber(p, 3);
}
