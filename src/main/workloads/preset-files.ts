import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import {
  extendedName,
  PRESET_NAME,
  PresetProblem,
  resolveOwnPreset,
} from '../../shared/domain/own-preset.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { BrokenPreset, OwnPresetFile } from '../../shared/model/own-preset.ts';
import type { Manifest, PresetSpec } from '../../shared/model/workload.ts';
import { asDiskFull, codeOf, writeFileAtomic } from '../platform/atomic-file.ts';
import { moveIntoTrash } from '../platform/trash.ts';
import { parsePreset, presetText, type ReadPreset } from './preset-file.ts';

const ENDING = '.yaml';
/** Bytes. A preset is a few lines; even a table of 10,000 experiments stays below. */
const LARGEST = 4 * 2 ** 20;

export interface OwnPresets {
  readonly presets: readonly PresetSpec[];
  readonly broken: readonly BrokenPreset[];
}

/** The presets that people have saved in a workspace. They are read anew each time, like the workloads. */
export interface PresetFiles {
  /** Those of one workload with all that they inherit; `manifest` has the presets of the workload itself. */
  list(manifest: Manifest): OwnPresets;
  /** As the files have them, by name; broken ones are left out. */
  read(workload: string): ReadonlyMap<string, OwnPresetFile>;
  /** Throws ExpectedError('disk-full'). */
  write(workload: string, name: string, file: OwnPresetFile): void;
  /** Gives a file another name, and those that extend it the new one. */
  rename(workload: string, name: string, next: string): void;
  /** Moves the file, whether it can be used or not, to the trash. Throws ExpectedError('not-found'). */
  remove(workload: string, name: string): void;
}

/** `workspace`: absolute. */
export function createPresetFiles(workspace: string): PresetFiles {
  const folderOf = (workload: string): string => join(workspace, 'presets', workload);
  const pathOf = (workload: string, name: string): string => join(folderOf(workload), `${name}${ENDING}`);

  function readAll(workload: string): Map<string, ReadPreset> {
    return new Map(
      namesIn(folderOf(workload)).map((name) => [name, readPreset(pathOf(workload, name), name)]),
    );
  }

  function usable(found: ReadonlyMap<string, ReadPreset>): Map<string, OwnPresetFile> {
    return new Map(
      [...found].flatMap(([name, read]): [string, OwnPresetFile][] =>
        read.kind === 'ok' ? [[name, read.file]] : [],
      ),
    );
  }

  function require(workload: string, name: string): string {
    const path = pathOf(workload, name);
    if (existsSync(path)) return path;
    throw new ExpectedError(
      'not-found',
      `There is no preset of yours called ${workload}/${name}. "minibatch preset list" shows what there is.`,
    );
  }

  function write(workload: string, name: string, file: OwnPresetFile): void {
    const path = pathOf(workload, name);
    try {
      mkdirSync(folderOf(workload), { recursive: true });
      writeFileAtomic(path, presetText(file, existsSync(path) ? readFileSync(path, 'utf8') : null));
    } catch (error) {
      throw asDiskFull(error, path);
    }
  }

  return {
    list(manifest) {
      const found = readAll(manifest.name);
      const files = usable(found);
      const presets: PresetSpec[] = [];
      const broken: BrokenPreset[] = [];
      for (const [preset, read] of found) {
        const place = { workload: manifest.name, preset, path: pathOf(manifest.name, preset) };
        if (read.kind === 'fault') {
          broken.push({ ...place, ...read.fault });
          continue;
        }
        try {
          presets.push(resolveOwnPreset(preset, manifest, files));
        } catch (error) {
          if (!(error instanceof PresetProblem)) throw error;
          broken.push({ ...place, ...read.fault(error.path, error.message) });
        }
      }
      return { presets, broken };
    },
    read: (workload) => usable(readAll(workload)),
    write,
    rename(workload, name, next) {
      renameSync(require(workload, name), pathOf(workload, next));
      for (const [other, file] of usable(readAll(workload)))
        if (file.extends !== undefined && extendedName({ name: workload }, file.extends) === name)
          write(workload, other, { ...file, extends: next });
    },
    remove(workload, name) {
      moveIntoTrash(workspace, require(workload, name), `preset-${workload}-${name}${ENDING}`);
    },
  };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith(ENDING) && !entry.name.startsWith('.'))
      .map((entry) => entry.name.slice(0, -ENDING.length))
      .toSorted();
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return [];
    throw error;
  }
}

function readPreset(path: string, name: string): ReadPreset {
  const broken = (reason: string): ReadPreset => ({ kind: 'fault', fault: { line: 1, key: null, reason } });
  if (!PRESET_NAME.test(name))
    return broken(
      `A preset cannot be called "${name}": the file is named in small letters, digits and hyphens, beginning with a letter.`,
    );
  try {
    const text = readFileSync(path, 'utf8');
    if (text.length > LARGEST)
      return broken(`It has ${(text.length / 2 ** 20).toFixed(1)} MB, which is more than a preset.`);
    return parsePreset(text, path);
  } catch (error) {
    return broken(`It cannot be read (${codeOf(error) || String(error)}).`);
  }
}
