import { readFileSync, statSync } from 'node:fs';
import { readParameterTable, TableFault, type TableRules } from '../../shared/domain/csv-table.ts';
import type { Values } from '../../shared/domain/sweep.ts';
import { ExpectedError } from '../../shared/model/error.ts';

/** Bytes. A table of 10,000 experiments has a few hundred each at most. */
const LARGEST = 64 * 2 ** 20;

/** The experiments of a CSV file. Throws ExpectedError('usage') naming file, line and column. */
export function readTable(path: string, rules: TableRules): readonly Values[] {
  const refuse = (reason: string): ExpectedError =>
    new ExpectedError('usage', `${path}, ${reason}`.replace(/([^.?!])$/, '$1.'));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new ExpectedError('usage', `There is no table ${path}.`);
  if (!found.isFile()) throw new ExpectedError('usage', `${path} is no table: it is a folder.`);
  if (found.size > LARGEST)
    throw refuse(
      `this table has ${Math.round(found.size / 2 ** 20)} MB, more than the ${LARGEST / 2 ** 20} MB that are read`,
    );
  try {
    return readParameterTable(readFileSync(path, 'utf8'), rules).rows;
  } catch (error) {
    if (error instanceof TableFault) throw refuse(error.message);
    throw new ExpectedError('usage', `The table ${path} cannot be read.`, { cause: error });
  }
}
