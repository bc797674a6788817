import { useEffect, useMemo, useRef, useState } from 'react';
import { formatCount } from '../../../shared/domain/format.ts';
import type { ExperimentRecord } from '../../../shared/model/run.ts';
import { Button } from '../../widgets/Button.tsx';
import { differencesOf } from './differences.ts';

/** Runs side by side; more columns than this are no table that anybody reads. */
const MOST_COLUMNS = 24;

interface DifferencesSheetProps {
  readonly rows: readonly ExperimentRecord[];
  readonly metric: string | null;
  readonly peak: (row: ExperimentRecord) => number | null;
  readonly onClose: () => void;
}

/** What the marked runs do not have in common. Escape closes. */
export function DifferencesSheet({ rows, metric, peak, onClose }: DifferencesSheetProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [all, setAll] = useState(false);
  const shown = rows.slice(0, MOST_COLUMNS);
  const differences = useMemo(
    () => differencesOf(rows.slice(0, MOST_COLUMNS), { metric, peak }),
    [rows, metric, peak],
  );
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const same = differences.filter(({ differs }) => !differs).length;
  return (
    <dialog ref={dialog} className="differences" aria-label="Differences" onClose={onClose}>
      <header className="differences-head">
        <h3>Differences of {formatCount(shown.length, 'run')}</h3>
        {rows.length > shown.length ? (
          <span className="quiet small">the first {MOST_COLUMNS} of the marked ones</span>
        ) : null}
        <span className="spacer" />
        <label className="check small">
          <input type="checkbox" checked={!all} onChange={(event) => setAll(!event.target.checked)} />
          Differences only
        </label>
        <Button small onClick={onClose}>
          Close
        </Button>
      </header>
      <div className="differences-scroll">
        <table className="differences-table" aria-label="Differences between runs">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">Name</span>
              </th>
              {shown.map((row) => (
                <th key={row.index} scope="col" title={row.name}>
                  <span className="quiet">{row.index}</span> <span className="mono">{row.name}</span>
                </th>
              ))}
            </tr>
          </thead>
          {(['Parameters', 'Results'] as const).map((part) => {
            const lines = differences.filter((line) => line.part === part && (all || line.differs));
            return lines.length === 0 ? null : (
              <tbody key={part}>
                <tr>
                  <th scope="rowgroup" colSpan={shown.length + 1} className="differences-part">
                    {part}
                  </th>
                </tr>
                {lines.map(({ name, values, differs }) => (
                  <tr key={name} data-same={differs ? undefined : ''}>
                    <th scope="row" title={name}>
                      {name}
                    </th>
                    {values.map((value, at) => (
                      <td key={shown[at]?.index} title={value ?? undefined}>
                        {value ?? <span className="quiet">–</span>}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            );
          })}
        </table>
        {same === differences.length && !all ? (
          <p className="table-note">These runs have everything in common.</p>
        ) : null}
      </div>
      <p className="small quiet">
        {all || same === 0
          ? formatCount(differences.length, 'line')
          : `${formatCount(same, 'line')} that all have in common ${same === 1 ? 'is' : 'are'} left out`}
      </p>
    </dialog>
  );
}
