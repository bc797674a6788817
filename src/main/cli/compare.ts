import { formatFigure, formatNumber, formatPercent } from '../../shared/domain/format.ts';
import type { Comparison, ComparisonRow } from '../../shared/model/comparison.ts';
import { type Command, EXIT } from './command.ts';
import { BATCH_FLAG, chooseResults } from './result-choice.ts';
import { textTable } from './text-table.ts';

/** Statistics of every result found; nothing is trained again. */
export const compareCommand: Command = {
  name: 'compare',
  summary: 'compare every result found, with no training',
  usage: '[<workload>] [--batch id]',
  flags: [BATCH_FLAG],
  async run({ openSession, output }, parsed) {
    const session = await openSession();
    try {
      const comparison = await session.client.call(
        'results.compare',
        await chooseResults(session.client, parsed),
      );
      for (const line of comparisonLines(comparison)) output.say(line);
      const { workload, tests, bands, families, batches } = comparison;
      const rows = comparison.rows.map(({ bands: shares, ...row }) => ({ ...row, bands: shares }));
      output.document({ rows, workload, tests, bands, families, batches });
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};

function comparisonLines({ spec, rows, bands }: Comparison): string[] {
  const figure = (value: number | null): string => (value === null ? '–' : formatFigure(value));
  const table = textTable<ComparisonRow>(
    [
      { title: 'experiment', text: (row) => row.name },
      {
        title: 'parameters',
        text: (row) => (row.parameters === null ? '–' : formatNumber(row.parameters)),
        right: true,
      },
      { title: spec.group, text: (row) => String(row.n), right: true },
      { title: 'count', text: (row) => formatNumber(row.count), right: true },
      { title: 'mean', text: (row) => figure(row.mean), right: true },
      { title: 'median', text: (row) => figure(row.median), right: true },
      { title: 'q25', text: (row) => figure(row.q25), right: true },
      { title: 'q75', text: (row) => figure(row.q75), right: true },
      { title: 'stderr', text: (row) => figure(row.stderr), right: true },
    ],
    rows,
  );
  const shares = bands.map(({ label, share }) => `${label}: ${formatPercent(share)}`).join(', ');
  return [`${spec.valueTitle}, by ${spec.groupTitle}`, ...table, ...(shares === '' ? [] : ['', shares])];
}
