import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findManifest, refuseBroken, resolvePreset } from '../../shared/domain/preset.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Manifest, PresetSpec } from '../../shared/model/workload.ts';
import type { BrokenPreset } from '../../shared/model/own-preset.ts';
import { parseManifest } from './manifest-file.ts';
import type { PresetFiles } from './preset-files.ts';

export interface Workload {
  readonly manifest: Manifest;
  /** Absolute path of its folder. */
  readonly folder: string;
}

export interface WorkloadList {
  readonly workloads: readonly Workload[];
  /** Folders that look like a workload but cannot be used, each with one sentence. */
  readonly broken: readonly { readonly folder: string; readonly sentence: string }[];
  /** Files of own presets that cannot be used. */
  readonly brokenPresets: readonly BrokenPreset[];
}

/** The workloads that lie in a folder. It is read anew each time, so that adding a workload is adding a folder. */
export interface Catalog {
  list(): Promise<WorkloadList>;
  /** Throws ExpectedError: `usage` for an unknown name, `workload-invalid` for a broken one. */
  find(name: string): Promise<Workload>;
  /** `preset` may be "quick" or "memorization/quick"; `workload` may be empty. Throws like `find`. */
  resolve(asked: {
    readonly workload: string;
    readonly preset: string;
  }): Promise<{ workload: Workload; preset: PresetSpec }>;
}

export interface CatalogOptions {
  /** Absolute, holds one folder per workload. */
  readonly folder: string;
  /** The presets that people have saved; absent = none. */
  readonly presets?: PresetFiles;
}

export function createCatalog(options: CatalogOptions): Catalog {
  async function list(): Promise<WorkloadList> {
    const names = await subfolders(options.folder);
    const workloads: Workload[] = [];
    const broken: { folder: string; sentence: string }[] = [];
    const brokenPresets: BrokenPreset[] = [];
    for (const name of names) {
      const folder = join(options.folder, name);
      try {
        const found = await readWorkload(folder, name);
        if (found === null) continue;
        const own = options.presets?.list(found.manifest) ?? { presets: [], broken: [] };
        const presets = [...found.manifest.presets, ...own.presets];
        workloads.push({ ...found, manifest: { ...found.manifest, presets } });
        brokenPresets.push(...own.broken);
      } catch (error) {
        if (!(error instanceof ExpectedError)) throw error;
        broken.push({ folder, sentence: error.message });
      }
    }
    return { workloads, broken, brokenPresets };
  }

  async function resolve(asked: { workload: string; preset: string }) {
    const { workloads, broken, brokenPresets } = await list();
    const wanted = asked.preset.includes('/') ? asked.preset.split('/', 1)[0] : asked.workload;
    const unusable = broken.find(({ folder }) => folder === join(options.folder, wanted ?? ''));
    // Without any usable workload every name is unknown, which would hide the reason.
    const reason = unusable ?? (workloads.length === 0 ? broken[0] : undefined);
    if (reason !== undefined) throw new ExpectedError('workload-invalid', reason.sentence);
    refuseBroken(brokenPresets, asked);
    const { manifest, preset } = resolvePreset(
      workloads.map((workload) => workload.manifest),
      asked,
    );
    return { workload: withName(workloads, manifest.name), preset };
  }

  return {
    list,
    resolve,
    async find(name) {
      const { workloads, broken } = await list();
      const unusable = broken.find(({ folder }) => folder === join(options.folder, name));
      if (unusable !== undefined) throw new ExpectedError('workload-invalid', unusable.sentence);
      return withName(workloads, name);
    },
  };
}

function withName(workloads: readonly Workload[], name: string): Workload {
  const manifest = findManifest(
    workloads.map((workload) => workload.manifest),
    name,
  );
  const found = workloads.find((workload) => workload.manifest === manifest);
  if (found === undefined) throw new Error(`The manifest of ${name} has no folder.`);
  return found;
}

/** Null = a folder without a manifest, which is no workload. */
async function readWorkload(folder: string, name: string): Promise<Workload | null> {
  const text = await readOptional(join(folder, 'manifest.yaml'));
  if (text === null) return null;
  const manifest = parseManifest(text, name);
  for (const script of ['describe.py', 'train.py']) {
    if (!(await isFile(join(folder, script)))) {
      throw new ExpectedError(
        'workload-invalid',
        `The workload "${name}" cannot be used: ${script} is missing in ${folder}.`,
      );
    }
  }
  return { manifest, folder };
}

async function subfolders(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new ExpectedError('workload-invalid', `The folder of the workloads, ${folder}, cannot be read.`, {
      cause,
    });
  });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new ExpectedError('workload-invalid', `${path} cannot be read.`, { cause: error });
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
