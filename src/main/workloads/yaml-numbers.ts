import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { isWholeFloat, type WrittenNumbers } from '../../shared/domain/written-numbers.ts';

/** How the numbers of a suite were written; a parsed document knows, its values do not. */
export function writtenNumbers(document: Document): WrittenNumbers {
  const written = new Map<string, Map<number, string>>();

  function keep(name: string, node: unknown): void {
    if (isAlias(node)) keep(name, node.resolve(document));
    else if (isSeq(node)) for (const item of node.items) keep(name, item);
    else if (isMap(node)) for (const { value } of node.items) keep(name, value);
    else if (isScalar(node) && typeof node.value === 'number' && isWholeFloat(node.source ?? '')) {
      const own = written.get(name) ?? new Map<number, string>();
      written.set(name, own.set(node.value, node.source ?? ''));
    }
  }

  function keepTable(node: unknown): void {
    const table = isAlias(node) ? node.resolve(document) : node;
    if (!isMap(table)) return;
    for (const { key, value } of table.items) if (isScalar(key)) keep(String(key.value), value);
  }

  const phases = document.get('phases');
  const parts: unknown[] = [document.contents, ...(isSeq(phases) ? phases.items : [])];
  for (const part of parts.filter(isMap)) {
    keepTable(part.get('parameters', true));
    for (const path of [['grid'], ['zip'], ['random', 'parameters']])
      keepTable(part.getIn(['sweep', ...path], true) as Node | undefined);
    const list = part.getIn(['sweep', 'list'], true);
    if (isSeq(list)) for (const values of list.items) keepTable(values);
  }
  return written;
}
