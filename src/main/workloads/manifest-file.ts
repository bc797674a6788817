import type { z } from 'zod';
import { coerceOption, checkOptions } from '../../shared/domain/option-values.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { type Manifest, manifestFile } from '../../shared/model/workload.ts';
import { readYaml } from './yaml-text.ts';

/**
 * The manifest in a YAML text. `name` is the workload folder's name, which the manifest must bear. Throws
 * ExpectedError `workload-invalid` with one sentence naming file, line and key.
 */
export function parseManifest(text: string, name: string): Manifest {
  const yaml = readYaml(text);
  if (yaml.kind === 'fault') throw invalid(name, yaml.line, yaml.reason);
  const parsed = manifestFile.safeParse(yaml.document.toJS());
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(name, issue === undefined ? 1 : yaml.lineOf(pathOf(issue)), sentenceOf(issue));
  }
  const problem = inconsistency(parsed.data, name);
  if (problem !== null) throw invalid(name, yaml.lineOf(problem.path), problem.text);
  return parsed.data;
}

interface Problem {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** What the schema cannot say: names that must agree or be unique, and values that must fit their own options. */
function inconsistency(found: Manifest, folder: string): Problem | null {
  if (found.name !== folder)
    return { path: ['name'], text: `"name" is "${found.name}" but the folder is called "${folder}"` };
  for (const list of ['options', 'presets'] as const) {
    const names = found[list].map((item) => item.name);
    const twice = names.findIndex((item, at) => names.indexOf(item) < at);
    if (twice >= 0) return { path: [list, twice, 'name'], text: `"${list}" names "${names[twice]}" twice` };
  }
  for (const [at, option] of found.options.entries()) {
    if (option.type === 'choice' && (option.choices ?? []).length === 0) {
      return { path: ['options', at], text: `the choice option "${option.name}" has no "choices"` };
    }
    // A default of null means "not given" and fits every type.
    const problem =
      option.default === null
        ? null
        : refusal(() => coerceOption({ ...option, default: null }, option.default));
    if (problem !== null)
      return { path: ['options', at, 'default'], text: `the default does not fit: ${problem}` };
  }
  for (const [at, preset] of found.presets.entries()) {
    const problem = refusal(() => checkOptions(found.options, preset.options));
    if (problem !== null)
      return {
        path: ['presets', at, 'options'],
        text: `the preset "${preset.name}" does not fit: ${problem}`,
      };
  }
  return null;
}

function refusal(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof ExpectedError) return error.message.replace(/\.$/, '');
    throw error;
  }
}

function sentenceOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return 'it does not fit the schema';
  if (issue.code === 'unrecognized_keys') return `the key "${issue.keys[0]}" is not known here`;
  const key = issue.path.join('.');
  return `"${key === '' ? 'the whole file' : key}": ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
}

function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
}

function invalid(name: string, line: number, reason: string): ExpectedError {
  return new ExpectedError(
    'workload-invalid',
    `The workload "${name}" cannot be used: manifest.yaml, line ${line}: ${reason}.`,
  );
}
