import { useState } from 'react';
import { readParameterTable, TableFault } from '../../../shared/domain/csv-table.ts';
import type { SuiteParameter } from '../../../shared/model/suite-entry.ts';
import { pickFile } from '../../actions/pick-file.ts';
import { useApp } from '../../app-context.ts';
import type { LaunchForm } from '../../state/launch-form.ts';
import { Button } from '../../widgets/Button.tsx';

/** Bytes. What is larger has more rows than a batch may have. */
const LARGEST = 64 * 2 ** 20;

interface TableImportProps {
  readonly parameters: readonly SuiteParameter[];
  readonly form: LaunchForm;
}

/** Experiments from a CSV file, or from what was copied out of a spreadsheet. */
export function TableImport({ parameters, form }: TableImportProps) {
  const { actions } = useApp();
  const [pasting, setPasting] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  function take(name: string, text: string): void {
    try {
      const rules = {
        names: parameters.map((parameter) => parameter.name),
        kinds: Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.kind])),
      };
      const { columns, rows } = readParameterTable(text, rules);
      actions.changeForm({ table: { name, columns, rows } });
      setProblem(null);
      setPasting(null);
    } catch (error) {
      if (!(error instanceof TableFault)) throw error;
      const sentence = error.message.replace(/([^.?!])$/, '$1.');
      setProblem(name === '' ? sentence.charAt(0).toUpperCase() + sentence.slice(1) : `${name}, ${sentence}`);
    }
  }

  async function choose(): Promise<void> {
    const file = await pickFile('.csv,.tsv,.txt,text/csv');
    if (file === null) return;
    if (file.size > LARGEST) setProblem(`${file.name} is too large for a table of experiments.`);
    else take(file.name, await file.text());
  }

  return (
    <div className="table-import">
      <div className="preset-acts">
        <Button small onClick={() => void choose()}>
          Import CSV…
        </Button>
        <Button small kind="ghost" onClick={() => setPasting(pasting === null ? '' : null)}>
          Paste a table…
        </Button>
      </div>
      {pasting === null ? null : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            take('', pasting);
          }}
        >
          <textarea
            className="input mono table-paste"
            aria-label="Table of experiments"
            rows={5}
            autoFocus
            spellCheck={false}
            placeholder={`${parameters
              .slice(0, 2)
              .map(({ name }) => name)
              .join(',')}\n…`}
            value={pasting}
            onChange={(event) => setPasting(event.target.value)}
          />
          <div className="preset-acts">
            <button type="submit" className="button" data-small="">
              {form.table === null ? 'Use this table' : 'Use this table instead'}
            </button>
          </div>
        </form>
      )}
      {problem === null ? null : (
        <p className="field-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
