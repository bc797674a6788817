import { formatFigure, formatNames, formatNumber, formatPercent } from '../../shared/domain/format.ts';
import type { Comparison, ComparisonAxis, ComparisonRow } from '../../shared/model/comparison.ts';
import { type Command, EXIT } from './command.ts';
import { BATCH_FLAG, chooseResults, suiteLines } from './result-choice.ts';
import { VIEW_FLAGS, viewOf } from './result-view.ts';
import { textTable } from './text-table.ts';
import { WHERE_FLAG } from './where.ts';

/** Statistics of every result found; nothing is trained again. */
export const compareCommand: Command = {
  name: 'compare',
  summary: 'compare every result found, with no training',
  usage:
    '[<workload>[/<preset or suite>]] [--batch id] [--metric name] [--value name] [--group name] [--x name] [--where filter]',
  flags: [BATCH_FLAG, WHERE_FLAG, ...VIEW_FLAGS],
  async run({ openSession, output }, parsed) {
    const session = await openSession();
    try {
      const choice = await chooseResults(session.client, parsed);
      const comparison = await session.client.call('results.compare', {
        ...choice,
        ...viewOf(parsed),
      });
      for (const line of [...suiteLines(choice, comparison), ...comparisonLines(comparison)])
        output.say(line);
      const { workload, suite, suites, spec, choices, compared, notes, tests, bands, families, batches } =
        comparison;
      const rows = comparison.rows.map(({ bands: shares, ...row }) => ({ ...row, bands: shares }));
      output.document({
        rows,
        workload,
        suite,
        suites,
        spec,
        choices,
        compared,
        notes,
        tests,
        bands,
        families,
        batches,
      });
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};

function comparisonLines({ spec, rows, bands, choices, compared, notes }: Comparison): string[] {
  const figure = (value: number | null): string => (value === null ? '–' : formatFigure(value));
  const counts = rows.some((row) => row.parameters !== null);
  const seeded = rows.some((row) => row.seeds > 1);
  const drawn = spec.x !== 'parameterCount' && spec.x !== spec.group && rows.some((row) => row.x !== null);
  const table = textTable<ComparisonRow>(
    [
      { title: spec.subject ?? 'experiment', text: (row) => row.name },
      ...(counts
        ? [
            {
              title: 'parameters',
              text: (row: ComparisonRow) => (row.parameters === null ? '–' : formatNumber(row.parameters)),
              right: true,
            },
          ]
        : []),
      ...(drawn
        ? [
            {
              title: spec.x,
              text: (row: ComparisonRow) => (row.x === null ? '–' : String(row.x)),
              right: true,
            },
          ]
        : []),
      { title: spec.group, text: (row) => String(row.n), right: true },
      ...(seeded
        ? [{ title: 'seeds', text: (row: ComparisonRow) => formatNumber(row.seeds), right: true }]
        : []),
      { title: 'count', text: (row) => formatNumber(row.count), right: true },
      { title: 'mean', text: (row) => figure(row.mean), right: true },
      ...(seeded
        ? [{ title: 'deviation', text: (row: ComparisonRow) => figure(row.deviation), right: true }]
        : []),
      { title: 'median', text: (row) => figure(row.median), right: true },
      { title: 'q25', text: (row) => figure(row.q25), right: true },
      { title: 'q75', text: (row) => figure(row.q75), right: true },
      { title: 'stderr', text: (row) => figure(row.stderr), right: true },
    ],
    rows,
  );
  const shares = bands.map(({ label, share }) => `${label}: ${formatPercent(share)}`).join(', ');
  const others = [
    otherChoices('metrics', { flag: 'metric', choices: choices.metrics, taken: compared.metric }),
    otherChoices('values', { flag: 'value', choices: choices.values, taken: compared.value }),
    otherChoices('groups', { flag: 'group', choices: choices.groups, taken: spec.group }),
  ].flat();
  return [
    `${spec.valueTitle}, by ${spec.groupTitle}; ${spec.higherIsBetter ? 'higher' : 'lower'} is better${seeded ? '; runs that differ only in the seed are taken together' : ''}`,
    ...table,
    ...(shares === '' ? [] : ['', shares]),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    ...(others.length === 0 ? [] : ['', ...others]),
  ];
}

/** Longer lists stand in the document of `--json`. */
const NAMED_CHOICES = 12;

function otherChoices(
  what: string,
  { flag, choices, taken }: { flag: string; choices: readonly ComparisonAxis[]; taken: string | null },
): string[] {
  const names = choices.flatMap(({ name }) => (name === taken ? [] : [name]));
  if (names.length === 0) return [];
  return [`Other ${what}: --${flag} ${formatNames(names, NAMED_CHOICES)}`];
}
