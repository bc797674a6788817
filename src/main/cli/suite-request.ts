import { resolve } from 'node:path';
import { parseDocument, visit } from 'yaml';
import { isWholeFloat } from '../../shared/domain/written-numbers.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Json } from '../../shared/model/json.ts';

/** The workload that runs what a suite file says. */
export const SUITE_WORKLOAD = 'command';

export interface SuiteArguments extends SetArguments {
  /** Absolute path of the suite. */
  readonly suite: string;
}

export interface SetArguments {
  /** Values given with --set. */
  readonly options: Record<string, Json>;
  /** The arguments without these. */
  readonly rest: readonly string[];
}

/** Whether a word names a suite file and not a preset. */
export function isSuite(word: string): boolean {
  return /\.ya?ml$/i.test(word);
}

/** Takes the suite file and its parameters out of the arguments; null = no suite is named. Throws ExpectedError('usage'). */
export function takeSuite(args: readonly string[]): SuiteArguments | null {
  const suites = args.filter(
    (word, at) => isSuite(word) && !word.startsWith('-') && args[at - 1] !== '--set',
  );
  const [suite, other] = suites;
  if (suite === undefined) return null;
  if (other !== undefined) throw usage(`"${other}" is too much: one suite at a time.`);
  return { suite: resolve(suite), ...takeSets(args.filter((word) => word !== suite)) };
}

/**
 * Takes every `--set name=value` out of the arguments. Values are read as YAML, so that `--set lr=[0.1,0.2]` is a sweep.
 * Throws ExpectedError('usage').
 */
export function takeSets(args: readonly string[]): SetArguments {
  const options: Record<string, Json> = {};
  const rest: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (word !== '--set' && !word.startsWith('--set=')) {
      rest.push(word);
      continue;
    }
    const text = word === '--set' ? (args[++at] ?? '') : word.slice('--set='.length);
    const cut = text.indexOf('=');
    if (cut < 1) throw usage(`"--set ${text}" is not of the form --set name=value.`);
    options[text.slice(0, cut)] = valueOf(text.slice(cut + 1));
  }
  return { options, rest };
}

/** What YAML makes of it; a text that is no YAML is a text. Of 1.0 the number would be 1, so that it stays a text. */
function valueOf(text: string): Json {
  try {
    const document = parseDocument(text);
    if (document.errors.length > 0) return text;
    visit(document, {
      Scalar(_, node) {
        if (typeof node.value === 'number' && isWholeFloat(node.source ?? '')) node.value = node.source;
      },
    });
    return document.toJS() as Json;
  } catch {
    return text;
  }
}

function usage(message: string): ExpectedError {
  return new ExpectedError('usage', message);
}
