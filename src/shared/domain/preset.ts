import { ExpectedError } from '../model/error.ts';
import type { BrokenPreset } from '../model/own-preset.ts';
import type { Manifest, PresetSpec } from '../model/workload.ts';
import { suggestion } from './nearest.ts';
import { brokenSentence } from './preset-words.ts';

/** Whose presets are meant where several workloads have one of the name and none is named: "run quick" is its job. */
const MAIN_WORKLOAD = 'memorization';

/**
 * The preset a person means: "memorization/quick", or "quick" with the workload named beside it, or "quick" alone when
 * just one workload has it, or the main one. `workload` may be empty. Throws ExpectedError `usage` naming what is near or what there is.
 */
export function resolvePreset(
  manifests: readonly Manifest[],
  asked: { readonly workload: string; readonly preset: string },
): { manifest: Manifest; preset: PresetSpec } {
  const { workload, name } = partsOf(asked);
  if (workload !== '')
    return {
      manifest: findManifest(manifests, workload),
      preset: findPreset(findManifest(manifests, workload), name),
    };

  const owners = manifests.filter((manifest) => manifest.presets.some((preset) => preset.name === name));
  const first = owners.find((manifest) => manifest.name === MAIN_WORKLOAD) ?? owners[0];
  if (first === undefined) {
    const names = [
      ...new Set(manifests.flatMap((manifest) => manifest.presets.map((preset) => preset.name))),
    ];
    throw new ExpectedError(
      'usage',
      `There is no preset "${name}".${suggestion(name, names)} Presets are ${names.join(', ')}.`,
    );
  }
  if (owners.length > 1 && first.name !== MAIN_WORKLOAD) {
    const full = owners.map((manifest) => `${manifest.name}/${name}`).join(' or ');
    throw new ExpectedError('usage', `Several workloads have a preset "${name}": say ${full}.`);
  }
  return { manifest: first, preset: findPreset(first, name) };
}

/** Of a preset whose file has a mistake it would be wrong to say that there is none. */
export function refuseBroken(
  broken: readonly BrokenPreset[],
  asked: { readonly workload: string; readonly preset: string },
): void {
  const { workload, name } = partsOf(asked);
  const found = broken.find((one) => one.preset === name && (workload === '' || workload === one.workload));
  if (found !== undefined) throw new ExpectedError('usage', brokenSentence(found));
}

function partsOf(asked: { readonly workload: string; readonly preset: string }): {
  workload: string;
  name: string;
} {
  const slash = asked.preset.indexOf('/');
  const workload = slash < 0 ? asked.workload : asked.preset.slice(0, slash);
  return { workload, name: asked.preset.slice(slash + 1).replaceAll('_', '-') };
}

export function findManifest(manifests: readonly Manifest[], workload: string): Manifest {
  const found = manifests.find((manifest) => manifest.name === workload);
  if (found !== undefined) return found;
  const names = manifests.map((manifest) => manifest.name);
  throw new ExpectedError(
    'usage',
    `There is no workload "${workload}".${suggestion(workload, names)} Workloads are ${names.join(', ') || 'none'}.`,
  );
}

function findPreset(manifest: Manifest, name: string): PresetSpec {
  const found = manifest.presets.find((preset) => preset.name === name);
  if (found !== undefined) return found;
  const names = manifest.presets.map((preset) => preset.name);
  throw new ExpectedError(
    'usage',
    `The workload ${manifest.name} has no preset "${name}".${suggestion(name, names)} Its presets are ${names.join(', ')}.`,
  );
}
