import { type Document, isMap, isNode, isPair, isScalar, type LineCounter } from 'yaml';

/** Line of the key at a path, or of the nearest thing around it that is written down. */
export function lineOf(place: {
  document: Document;
  lines: LineCounter;
  path: readonly PropertyKey[];
}): number {
  const { document, lines, path } = place;
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === last);
      if (pair !== undefined && isScalar(pair.key) && pair.key.range)
        return lines.linePos(pair.key.range[0]).line;
    } else {
      const node = document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
  }
  return 1;
}
