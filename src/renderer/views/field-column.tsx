import type { Field } from '../../shared/domain/field.ts';
import {
  formatDuration,
  formatFigure,
  formatMegabytes,
  formatMoment,
  formatPercent,
} from '../../shared/domain/format.ts';
import type { Json } from '../../shared/model/json.ts';
import type { Column, SortValue } from '../widgets/column.ts';

/** Pixels of a sign in a head, and of its padding with the arrow of the order. */
const HEAD_SIGN = 6.2;
const HEAD_PADDING = 36;

/** A column that shows a field of its rows. */
export function fieldColumn<Row>(field: Field<Row>): Column<Row> {
  const { name, title, part, value } = field;
  const text = (row: Row): string => fieldText(name, part, value(row));
  const room = Math.round(Math.min(220, Math.max(86, title.length * HEAD_SIGN + HEAD_PADDING)));
  return {
    id: `field/${name}`,
    title,
    width: `${room}px`,
    align: 'right',
    cell: text,
    hint: (row) => exactText(value(row)) || undefined,
    exact: { name, value },
    sort: (row) => sortValue(value(row)),
  };
}

/** How what every experiment has is told. */
const TOLD: Readonly<Record<string, (value: number) => string>> = {
  started: formatMoment,
  ended: formatMoment,
  duration: formatDuration,
  remaining: formatDuration,
  startup: formatDuration,
  peak: formatMegabytes,
  memory: formatMegabytes,
  progress: formatPercent,
};

/** A parameter is shown as it was set; what was measured as a figure. */
function fieldText(name: string, part: Field<unknown>['part'], value: Json | undefined): string {
  if (typeof value !== 'number') return exactText(value);
  const told = part === 'run' ? TOLD[name] : undefined;
  if (told !== undefined) return told(value);
  if (part === 'metric' || part === 'result' || name === 'rate')
    return Number.isInteger(value) && Math.abs(value) < 1_000 ? String(value) : formatFigure(value);
  if (part === 'fact') return Number.isInteger(value) ? value.toLocaleString('en') : formatFigure(value);
  return String(value);
}

function exactText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return `[${value.map((item: Json) => exactText(item)).join(', ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Texts that stand for numbers are sorted as numbers; what has none comes last. */
export function sortValue(value: Json | undefined): SortValue {
  if (value === undefined || value === null || value === 'NaN') return null;
  if (typeof value === 'number') return value;
  if (value === 'Infinity' || value === '-Infinity') return Number(value);
  return exactText(value);
}
