import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';

/** A YAML text that people write, or where it is none. */
export type YamlReading =
  | {
      readonly kind: 'ok';
      readonly document: Document;
      /** Line of the key at a path, or of the nearest thing around it that is written down; from 1. */
      lineOf(path: readonly PropertyKey[]): number;
    }
  | {
      readonly kind: 'fault';
      /** From 1. */
      readonly line: number;
      /** Without file and line, and without a capital at its beginning. */
      readonly reason: string;
    };

/** Never throws for what stands in the text. */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax === undefined) return { kind: 'ok', document, lineOf: (path) => lineOf(document, lines, path) };
  const reason = syntax.message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? 'not readable';
  return { kind: 'fault', line: syntax.linePos?.[0].line ?? 1, reason: `this is not YAML: ${reason}` };
}

/** The issue that explains the others: a mistyped key is the reason for the one that is missing. */
export function leadingIssue({ issues }: z.ZodError): z.core.$ZodIssue | undefined {
  return issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number {
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
