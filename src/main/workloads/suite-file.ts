import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Document } from 'yaml';
import { z } from 'zod';
import { suggestion } from '../../shared/domain/nearest.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { TableRules } from '../../shared/domain/csv-table.ts';
import { placeholders } from '../../shared/domain/shell-words.ts';
import { parameterNames } from '../../shared/domain/suite-override.ts';
import { parameterKinds } from '../../shared/domain/suite-parameters.ts';
import { type Suite, SuiteProblem, type Sweep, suite } from '../../shared/model/suite.ts';
import { takeWrittenRows, type WrittenNumbers } from '../../shared/domain/written-numbers.ts';
import { readTable } from './table-file.ts';
import { leadingIssue, readYaml } from './yaml-text.ts';
import { writtenNumbers } from './yaml-numbers.ts';

/** A suite as it stands in its file. */
export interface SuiteFile {
  /** Absolute; paths in the suite are relative to its folder. */
  readonly path: string;
  readonly folder: string;
  /** Of the suite, or of the file. */
  readonly name: string;
  readonly suite: Suite;
  /** How its numbers were written, where the number alone does not tell. */
  readonly written: WrittenNumbers;
  /** Does something with the suite; a SuiteProblem becomes a SuiteFault. */
  check<T>(work: () => T): T;
}

/** What is wrong with a suite, and where: the message names file, line and key as well. */
export class SuiteFault extends ExpectedError {
  /** From 1. */
  readonly line: number;
  /** With dots between the keys around it; empty = the file as a whole. */
  readonly key: string;
  /** A sentence without file and line. */
  readonly reason: string;
  constructor(path: string, place: { line: number; keys: readonly PropertyKey[] }, reason: string) {
    const sentence = reason.replace(/([^.?!])$/, '$1.');
    super('usage', `${path}, line ${place.line}: ${sentence}`);
    this.line = place.line;
    this.key = place.keys.join('.');
    this.reason = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  }
}

/** Bytes. A suite is written by hand; more is a data file that was named by mistake. */
const LARGEST = 4 * 1024 * 1024;

/** Reads a suite and its tables. Throws ExpectedError('usage'): SuiteFault where the file can be read. */
export async function readSuite(path: string): Promise<SuiteFile> {
  return withTables(parseSuite(await readSuiteText(path), path));
}

/** The suite with the rows of its tables in the place of their paths. Throws SuiteFault. */
function withTables(file: SuiteFile): SuiteFile {
  const { suite: found } = file;
  let { written } = file;
  const filled = (sweep: Sweep | undefined, path: readonly PropertyKey[]): Sweep | undefined => {
    if (sweep?.csv === undefined) return sweep;
    const { csv, ...rest } = sweep;
    if (rest.list !== undefined)
      throw new SuiteProblem(path, '"list" and "csv" both write experiments out; give one of them');
    try {
      const table = readTable(resolve(file.folder, csv), tableRules(found));
      const taken = takeWrittenRows(table, written);
      written = taken.written;
      return { ...rest, list: taken.rows };
    } catch (error) {
      if (!(error instanceof ExpectedError) || error.code !== 'usage') throw error;
      throw new SuiteProblem([...path, 'csv'], error.message);
    }
  };
  return file.check(() => {
    const sweep = filled(found.sweep, ['sweep']);
    const phases = found.phases?.map((phase, at) => {
      const own = filled(phase.sweep, ['phases', at, 'sweep']);
      return own === undefined ? phase : { ...phase, sweep: own };
    });
    return { ...file, written, suite: { ...found, ...(sweep && { sweep }), ...(phases && { phases }) } };
  });
}

/** Whatever the command takes all of may have any column. */
function tableRules(found: Suite): TableRules {
  const commands = [found, ...(found.phases ?? [])].flatMap(({ command }) => command ?? []);
  const open = commands.flatMap(placeholders).includes('arguments');
  return { names: open ? null : parameterNames(found), kinds: parameterKinds(found) };
}

/** Throws ExpectedError('usage') where there is no such file, or none that can be read. */
export async function readSuiteText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new ExpectedError(
      'usage',
      missing
        ? `There is no suite file ${path}. "minibatch init <script>" writes a first one.`
        : `The suite file ${path} cannot be read.`,
      { cause: error },
    );
  }
}

/** The suite in a text; `path` is where it lies or would lie. Throws SuiteFault. */
export function parseSuite(text: string, path: string): SuiteFile {
  const refuse = (line: number, reason: string, keys: readonly PropertyKey[] = []): SuiteFault =>
    new SuiteFault(path, { line, keys }, reason);
  if (text.length > LARGEST)
    throw refuse(
      1,
      `this file has ${(text.length / 2 ** 20).toFixed(1)} MB, more than the ${LARGEST / 2 ** 20} MB of a suite; write long lists as a range, {from: 1, to: 100}, or draw them at random`,
    );
  const yaml = readYaml(text);
  if (yaml.kind === 'fault') throw refuse(yaml.line, yaml.reason);
  const { document } = yaml;
  const parsed = suite.safeParse(read(document, (reason) => refuse(1, reason)));
  if (!parsed.success) {
    const { keys, reason } = problemOf(leadingIssue(parsed.error));
    throw refuse(yaml.lineOf(keys), reason, keys);
  }
  const found = parsed.data;
  return {
    path,
    folder: dirname(path),
    name: found.name ?? basename(path).replace(/(\.minibatch)?\.ya?ml$/i, ''),
    suite: found,
    written: writtenNumbers(document),
    check(work) {
      try {
        return work();
      } catch (error) {
        if (error instanceof SuiteProblem)
          throw refuse(yaml.lineOf(error.path), `${keyText(error.path)}${error.message}`, error.path);
        throw error;
      }
    },
  };
}

/** A document full of aliases can be small and endless. */
function read(document: Document, refuse: (reason: string) => ExpectedError): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      throw refuse('a suite is a table of keys, at least "command: …"');
    return value;
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    throw refuse(error instanceof Error ? error.message : String(error));
  }
}

function problemOf(issue: z.core.$ZodIssue | undefined): { keys: readonly PropertyKey[]; reason: string } {
  if (issue === undefined) return { keys: [], reason: 'this does not fit the schema' };
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const known = keysAt(issue.path);
    const hint = suggestion(key, known);
    const where = issue.path.length === 0 ? '' : ` under "${issue.path.join('.')}"`;
    return {
      keys: [...issue.path, key],
      reason: `the key "${key}" is not known${where}.${hint === '' && known.length > 0 ? ` Known are ${known.join(', ')}.` : hint}`,
    };
  }
  if (issue.code === 'invalid_key') {
    const [inner] = issue.issues;
    return {
      keys: issue.path,
      reason: `"${String(issue.path.at(-1) ?? '')}" ${inner?.message ?? 'is no name'}`,
    };
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && issue.path.length > 0) {
    const missing = String(issue.path.at(-1));
    if (/received undefined/.test(issue.message))
      return { keys: issue.path, reason: `the key "${missing}" is missing` };
  }
  const message = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  const missing = issue.path.join('.') === 'command' && /must be a text or a list/.test(message);
  return {
    keys: issue.path,
    reason: `${keyText(issue.path)}${message}${missing ? ', for example "python train.py --lr {lr}"' : ''}`,
  };
}

function keyText(path: readonly PropertyKey[]): string {
  return path.length === 0 ? '' : `"${path.join('.')}": `;
}

/** The published schema of the file format. */
export function suiteSchema(): object {
  return {
    ...z.toJSONSchema(suite, { io: 'input' }),
    $id: 'suite.schema.json',
    title: 'Minibatch suite (*.minibatch.yaml)',
  };
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

/** The keys that the schema knows at a place. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let nodes: readonly SchemaNode[] = [suiteSchema() as SchemaNode];
  for (const step of path) {
    nodes = nodes.flatMap(alternatives).flatMap((node): SchemaNode[] => {
      const next = typeof step === 'number' ? node.items : node.properties?.[String(step)];
      if (next !== undefined) return [next];
      return typeof node.additionalProperties === 'object' ? [node.additionalProperties] : [];
    });
  }
  return nodes.flatMap(alternatives).flatMap((node) => Object.keys(node.properties ?? {}));
}

function alternatives(node: SchemaNode): readonly SchemaNode[] {
  return node.anyOf ?? [node];
}
