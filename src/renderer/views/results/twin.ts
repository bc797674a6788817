import {
  formatFigure,
  formatNumber,
  formatPercent,
  formatResult,
  formatUncertain,
} from '../../../shared/domain/format.ts';
import type { Comparison, ComparisonRow } from '../../../shared/model/comparison.ts';
import type { Json } from '../../../shared/model/json.ts';
import type { PlotKind } from '../../state/route.ts';
import {
  bandShares,
  comparedOf,
  groupName,
  groupsOf,
  groupText,
  isSeeded,
  rowOf,
  subjectName,
} from './groups.ts';

/** A figure as a table: the same numbers for people who cannot or would rather not read them from a picture. */
export interface Twin {
  readonly columns: readonly { readonly title: string; readonly mono?: boolean; readonly width?: string }[];
  readonly rows: readonly (readonly string[])[];
  /** The same in full precision, for an export. */
  readonly values: readonly (readonly Json[])[];
}

/** A cell as it is read and as it is. */
type Cell = string | readonly [string, Json];

function twin(columns: Twin['columns'], cells: readonly (readonly Cell[])[]): Twin {
  return {
    columns,
    rows: cells.map((row) => row.map((one) => (typeof one === 'string' ? one : one[0]))),
    values: cells.map((row) => row.map((one) => (typeof one === 'string' ? one : one[1]))),
  };
}

/** Shows the same values as the figure of that kind, with the digits that their uncertainty allows. */
export function twinOf(kind: PlotKind, comparison: Comparison): Twin {
  switch (kind) {
    case 'scatter':
    case 'groups':
      return meansTwin(comparison);
    case 'box':
      return quartilesTwin(comparison);
    case 'bands':
      return bandsTwin(comparison);
    case 'families':
      return familiesTwin(comparison);
    case 'curves':
      return curvesTwin(comparison);
  }
}

/** With more groups than this a table has room for the means alone. */
const ROOM = 6;

function nameColumn(comparison: Comparison, width = '24%'): Twin['columns'][number] {
  const name = subjectName(comparison);
  return { title: name.charAt(0).toUpperCase() + name.slice(1), mono: true, width };
}

function meansTwin(comparison: Comparison): Twin {
  const groups = groupsOf(comparison);
  const narrow = groups.length > ROOM;
  return twin(
    [
      nameColumn(comparison, narrow ? '19%' : undefined),
      ...(narrow ? [] : [{ title: xTitle(comparison) }]),
      ...groups.map((n) => ({ title: narrow ? String(n) : groupText(comparison, n) })),
    ],
    comparedOf(comparison).map((compared) => [
      compared.name,
      ...(narrow ? [] : [cell(xText(compared.x), compared.x)]),
      ...groups.map((n) => {
        const row = rowOf(comparison, compared.index, n);
        if (row === null) return cell('–', null);
        const text = narrow
          ? formatFigure(row.mean)
          : `${meanText(row)}${row.nonFinite > 0 ? ` (${row.nonFinite} not finite)` : ''}`;
        return cell(text, row.mean);
      }),
    ]),
  );
}

/** Over seeds with their deviation and number, otherwise with the standard error. */
function meanText({ mean, stderr, deviation, seeds }: ComparisonRow): string {
  return seeds > 1 ? `${formatUncertain(mean, deviation)} (n = ${seeds})` : formatUncertain(mean, stderr);
}

function quartilesTwin(comparison: Comparison): Twin {
  const figure = (value: number | null): Cell => cell(value === null ? '–' : formatNumber(value, 4), value);
  return twin(
    [
      nameColumn(comparison),
      { title: groupName(comparison) },
      ...['Values', 'Lowest', 'Lower quartile', 'Median', 'Upper quartile', 'Highest'].map((title) => ({
        title,
      })),
    ],
    comparedOf(comparison).flatMap((compared) =>
      groupsOf(comparison).flatMap((n) => {
        const row = rowOf(comparison, compared.index, n);
        return row === null
          ? []
          : [
              [
                row.name,
                cell(String(n), n),
                cell(formatNumber(row.count), row.count),
                figure(row.min),
                figure(row.q25),
                figure(row.median),
                figure(row.q75),
                figure(row.max),
              ],
            ];
      }),
    ),
  );
}

function bandsTwin(comparison: Comparison): Twin {
  const share = (value: number): Cell => cell(formatPercent(value, 1), value);
  return twin(
    [nameColumn(comparison), ...comparison.bands.map((band) => ({ title: band.label }))],
    [
      ...comparedOf(comparison).map((compared) => [
        compared.name,
        ...bandShares(comparison, compared.index).map(share),
      ]),
      ['All', ...comparison.bands.map((band) => share(band.share))],
    ],
  );
}

function familiesTwin(comparison: Comparison): Twin {
  const family = comparison.spec.family;
  const figure = (value: number | null): Cell => cell(value === null ? '–' : formatNumber(value, 4), value);
  return twin(
    [
      { title: groupName(comparison), width: '24%' },
      { title: family?.low ?? 'Low' },
      { title: 'Values' },
      { title: family?.high ?? 'High' },
      { title: 'Values' },
      { title: 'Difference' },
    ],
    comparison.families.map((entry) => [
      cell(String(entry.n), entry.n),
      figure(entry.low),
      cell(formatNumber(entry.lowCount), entry.lowCount),
      figure(entry.high),
      cell(formatNumber(entry.highCount), entry.highCount),
      entry.low === null || entry.high === null
        ? cell('–', null)
        : cell(signed(entry.high - entry.low), entry.high - entry.low),
    ]),
  );
}

function curvesTwin(comparison: Comparison): Twin {
  const seeded = isSeeded(comparison);
  const figure = (value: number | null): Cell => cell(formatFigure(value), value);
  return twin(
    [
      nameColumn(comparison),
      { title: 'Metric' },
      { title: 'Last step' },
      { title: 'First value' },
      { title: 'Last value' },
      ...(seeded ? [{ title: 'Deviation' }] : []),
    ],
    comparison.curves.map((curve) => [
      curve.name,
      curve.metric,
      cell(formatNumber(curve.steps.at(-1) ?? null), curve.steps.at(-1) ?? null),
      figure(curve.values[0] ?? null),
      figure(curve.values.at(-1) ?? null),
      ...(seeded ? [figure(curve.deviations?.at(-1) ?? null)] : []),
    ]),
  );
}

function cell(text: string, value: Json): Cell {
  return [text, value];
}

/** "+0.006", "−0.012". */
export function signed(value: number, digits = 4): string {
  return value > 0 ? `+${formatNumber(value, digits)}` : formatNumber(value, digits);
}

function xTitle(comparison: Comparison): string {
  return comparison.spec.x === 'parameterCount' ? 'Parameters' : comparison.spec.xTitle;
}

function xText(x: number | null): string {
  return x === null ? '–' : formatResult(x);
}
