/** Reads RFC 4180 text back, written apart from the code that writes it: records by the names in the first line. */
export function csvRecords(text: string): readonly Readonly<Record<string, string>>[] {
  const lines: string[][] = [[]];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quoted && sign === '"' && text.charAt(at + 1) === '"') {
      field += '"';
      at += 1;
    } else if (sign === '"') {
      quoted = !quoted;
    } else if (!quoted && (sign === ',' || sign === '\n')) {
      lines.at(-1)?.push(field);
      field = '';
      if (sign === '\n') lines.push([]);
    } else if (quoted || sign !== '\r') {
      field += sign;
    }
  }
  const [names = [], ...rest] = lines;
  return rest
    .filter((line) => line.length > 0)
    .map((line) => Object.fromEntries(names.map((name, at) => [name, line[at] ?? ''])));
}
