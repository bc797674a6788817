import type { Json } from '../model/json.ts';

export type CsvRecord = Readonly<Record<string, Json | undefined>>;

/**
 * RFC 4180 text with a header line and CRLF line ends. Null and missing fields are empty; lists and objects are
 * written as JSON. `columns` absent = every column in the order of first appearance.
 */
export function csvText(
  records: readonly CsvRecord[],
  columns: readonly string[] = columnsOf(records),
): string {
  const lines = [csvLine(columns)];
  for (const record of records) lines.push(csvLine(columns.map((column) => record[column])));
  return lines.join('');
}

/** One line of it. */
export function csvLine(values: readonly (Json | undefined)[]): string {
  return `${values.map(field).join(',')}\r\n`;
}

/** The same with tabs, as spreadsheets take it from the clipboard. */
export function tabText(records: readonly CsvRecord[], columns: readonly string[]): string {
  const line = (values: readonly (Json | undefined)[]): string => values.map(tabField).join('\t');
  return [line(columns), ...records.map((record) => line(columns.map((column) => record[column])))].join(
    '\n',
  );
}

/** A text that would break the table stands in quotes. */
function tabField(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[\t\r\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function columnsOf(records: readonly CsvRecord[]): string[] {
  const names = new Set<string>();
  for (const record of records) for (const name of Object.keys(record)) names.add(name);
  return [...names];
}

function field(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  return quoted(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
