import { dirname, resolve } from 'node:path';
import { Document, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { suggestion } from '../../shared/domain/nearest.ts';
import { isWholeFloat } from '../../shared/domain/written-numbers.ts';
import { type OwnPresetFile, ownPresetFile } from '../../shared/model/own-preset.ts';
import { leadingIssue, readYaml } from './yaml-text.ts';

/** Where something is wrong with the file of an own preset. */
export interface PresetFault {
  /** From 1. */
  readonly line: number;
  readonly key: string | null;
  /** A whole sentence, without file and line. */
  readonly reason: string;
}

/** The file of an own preset as it was read. */
export type ReadPreset =
  | {
      readonly kind: 'ok';
      readonly file: OwnPresetFile;
      /** The fault of what is wrong at a key. */
      fault(path: readonly PropertyKey[], reason: string): PresetFault;
    }
  | { readonly kind: 'fault'; readonly fault: PresetFault };

const KEYS = Object.keys(ownPresetFile.shape);
const MACHINE_KEYS = Object.keys(ownPresetFile.shape.machine.unwrap().shape);

/** The preset in a text; `path` is where it lies. Never throws for what stands in it. */
export function parsePreset(text: string, path: string): ReadPreset {
  const yaml = readYaml(text);
  if (yaml.kind === 'fault') return fault({ line: yaml.line, key: null, reason: sentence(yaml.reason) });
  const { document } = yaml;
  const at = (keys: readonly PropertyKey[], reason: string): PresetFault => ({
    line: keys.length === 0 ? 1 : yaml.lineOf(keys),
    key: keys.length === 0 ? null : keys.join('.'),
    reason: sentence(reason),
  });
  let value: unknown;
  try {
    keepFloats(document);
    value = document.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    return fault(at([], error instanceof Error ? error.message : String(error)));
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return fault(at([], 'a preset is a table of keys, at least "extends: …"'));
  const parsed = ownPresetFile.safeParse(value);
  if (!parsed.success) {
    const issue = leadingIssue(parsed.error);
    if (issue?.code === 'unrecognized_keys') {
      const key = issue.keys[0] ?? '';
      const known = issue.path.length === 0 ? KEYS : issue.path[0] === 'machine' ? MACHINE_KEYS : [];
      const hint = suggestion(key, known) || (known.length > 0 ? ` Known are ${known.join(', ')}.` : '');
      return fault(at([...issue.path, key], `the key "${key}" is not known here.${hint}`));
    }
    const keys = issue?.path ?? [];
    const shown = keys.length === 0 ? '' : `"${keys.join('.')}" `;
    return fault(at(keys, `${shown}${lowered(issue?.message ?? 'does not fit the schema')}`));
  }
  const { suite } = parsed.data;
  const file = suite === undefined ? parsed.data : { ...parsed.data, suite: resolve(dirname(path), suite) };
  return { kind: 'ok', file, fault: at };
}

/**
 * The text of a file with other contents. What stays as it is keeps its place and its comments; `before` is the text
 * that it has, null = none yet.
 */
export function presetText(file: OwnPresetFile, before: string | null): string {
  const old = before === null ? null : parseDocument(before);
  const document = old === null || old.errors.length > 0 ? new Document({}) : old;
  const wanted: Record<string, unknown> = {
    title: file.title,
    summary: file.summary,
    extends: file.extends,
    suite: file.suite,
    options: Object.keys(file.options).length > 0 ? file.options : undefined,
    sweep: file.sweep,
    machine: Object.keys(file.machine).length > 0 ? file.machine : undefined,
  };
  const known: unknown = document.toJS();
  for (const [key, value] of Object.entries(wanted)) {
    const is = known !== null && typeof known === 'object' ? Reflect.get(known, key) : undefined;
    if (value === undefined) document.delete(key);
    else if (JSON.stringify(is) !== JSON.stringify(value)) document.set(key, document.createNode(value));
  }
  visit(document, {
    // A list on one line: what changed is then one line of a difference.
    Seq(_, node) {
      node.flow = !node.items.some((item) => !isScalar(item) && !isSeq(item));
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** Of 1.0 the number would be 1, which a command would get in another form; as a text it stays what it is. */
function keepFloats(document: Document): void {
  for (const key of ['options', 'sweep']) {
    const table = document.get(key, true);
    if (!isNode(table)) continue;
    visit(table, {
      Scalar(_, node) {
        if (typeof node.value === 'number' && isWholeFloat(node.source ?? '')) node.value = node.source;
      },
    });
  }
}

function fault(found: PresetFault): ReadPreset {
  return { kind: 'fault', fault: found };
}

function sentence(reason: string): string {
  const whole = reason.replace(/([^.?!])$/, '$1.');
  return whole.charAt(0).toUpperCase() + whole.slice(1);
}

function lowered(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
