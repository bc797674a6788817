import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { suggestion } from '../../shared/domain/nearest.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { hookEvent, hooks } from '../../shared/model/hooks.ts';
import { codeOf } from '../platform/atomic-file.ts';
import { leadingIssue, readYaml } from './yaml-text.ts';

/** `<workspace>/settings.yaml`: what a person has settled for every batch of a workspace. Minibatch only reads it. */
export const settingsFile = z.strictObject({ hooks: hooks.default({}) });
export type SettingsFile = z.infer<typeof settingsFile>;

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(settingsFile.shape),
  hooks: [...hookEvent.options, 'timeLimit'],
};

const NONE: SettingsFile = { hooks: {} };

/**
 * Reads the settings as they are at each call, but a file that has not changed only once: it is asked for at the end of
 * every run. No file is no settings. The call throws ExpectedError('usage') that names file, line and key.
 */
export function settingsReader(workspace: string): () => SettingsFile {
  const path = join(workspace, 'settings.yaml');
  let known = { stamp: '', settings: NONE };

  function read(): SettingsFile {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return NONE;
    const stamp = `${facts.ino} ${facts.mtimeMs} ${facts.size}`;
    if (known.stamp !== stamp) known = { stamp, settings: parseSettings(readFileSync(path, 'utf8'), path) };
    return known.settings;
  }

  return () => {
    try {
      return read();
    } catch (error) {
      if (error instanceof ExpectedError) throw error;
      throw new ExpectedError('usage', `${path} cannot be read (${codeOf(error) || String(error)}).`);
    }
  };
}

/** Throws ExpectedError('usage'). */
export function parseSettings(text: string, path: string): SettingsFile {
  const yaml = readYaml(text);
  if (yaml.kind === 'fault') throw fault(path, yaml.line, yaml.reason);
  // A file of comments holds nothing.
  const parsed = settingsFile.safeParse(yaml.document.toJS({ maxAliasCount: 100 }) ?? {});
  if (parsed.success) return parsed.data;
  const issue = leadingIssue(parsed.error);
  const key = issue?.code === 'unrecognized_keys' ? [issue.keys[0] ?? ''] : [];
  const place = [...(issue?.path ?? []), ...key];
  const line = yaml.lineOf(place);
  if (key.length === 0) {
    const name = place.length === 0 ? 'the file' : `"${place.join('.')}"`;
    throw fault(path, line, `${name}: ${issue?.message ?? 'does not fit'}`);
  }
  const known = KEYS[issue?.path.join('.') ?? ''] ?? [];
  const hint = suggestion(key[0] ?? '', known) || ` Known are ${known.join(', ')}.`;
  throw fault(path, line, `the key "${place.join('.')}" is not known.${hint}`);
}

function fault(path: string, line: number, reason: string): ExpectedError {
  return new ExpectedError('usage', `${path}, line ${line}: ${reason.replace(/([^.?!])$/, '$1.')}`);
}
