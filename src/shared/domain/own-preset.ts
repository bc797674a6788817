import { ExpectedError } from '../model/error.ts';
import type { Json, Parameters } from '../model/json.ts';
import type { MachineSettings } from '../model/machine-settings.ts';
import type { OwnPresetFile } from '../model/own-preset.ts';
import type { Manifest, PresetSpec } from '../model/workload.ts';
import { canonicalJson } from './identity.ts';
import { suggestion } from './nearest.ts';
import { checkOptions } from './option-values.ts';
import { settingsText, valueText } from './preset-words.ts';

/** Why an own preset cannot be used: a sentence without its full stop, and the key it is about. */
export class PresetProblem extends Error {
  readonly path: readonly PropertyKey[];
  constructor(path: readonly PropertyKey[], message: string) {
    super(message);
    this.name = 'PresetProblem';
    this.path = path;
  }
}

/** The own presets of a workload as their files have them, by name. */
export type OwnPresetFiles = ReadonlyMap<string, OwnPresetFile>;

type PresetBase = Pick<Manifest, 'name' | 'options' | 'presets'>;

/**
 * An own preset with all that it inherits. `manifest` has the presets of the workload itself. Throws PresetProblem for
 * this preset alone, whatever is wrong with the one that it extends.
 */
export function resolveOwnPreset(name: string, manifest: PresetBase, files: OwnPresetFiles): PresetSpec {
  const file = files.get(name);
  if (file === undefined) throw new Error(`There is no own preset ${name} to resolve.`);
  if (builtIn(manifest, name))
    throw new PresetProblem([], `"${name}" is a preset of the workload itself; give the file another name`);
  if ((file.extends === undefined) === (file.suite === undefined))
    throw new PresetProblem(
      file.suite === undefined ? [] : ['suite'],
      'a preset needs either "extends", with the preset that it changes, or "suite", with a suite file',
    );
  const base = file.extends === undefined ? null : baseOf(name, { manifest, files });
  const suite = file.suite ?? base?.suite;
  const sweep = file.sweep ?? base?.own?.sweep;
  if (file.sweep !== undefined && suite === undefined)
    throw new PresetProblem(['sweep'], 'only the parameters of a suite can be swept');
  const own = suite === undefined ? checkedOptions(manifest, file) : file.options;
  const machine = inherited(base?.own?.machine ?? {}, file.machine);
  return {
    name,
    title: file.title ?? name,
    summary: file.summary || changesText(base?.title ?? 'The suite', file),
    options: { ...base?.options, ...own },
    ...(suite === undefined ? {} : { suite }),
    own: {
      extends: base?.name ?? null,
      summary: file.summary ?? '',
      machine,
      ...(sweep === undefined ? {} : { sweep }),
    },
  };
}

/** The preset that one extends, by its name: with or without the workload before it. */
export function extendedName(manifest: Pick<Manifest, 'name'>, text: string): string {
  const slash = text.indexOf('/');
  return slash >= 0 && text.slice(0, slash) === manifest.name ? text.slice(slash + 1) : text;
}

interface Surroundings {
  readonly manifest: PresetBase;
  readonly files: OwnPresetFiles;
}

function baseOf(name: string, { manifest, files }: Surroundings): PresetSpec {
  refuseRing(name, { manifest, files });
  const wanted = extendedName(manifest, files.get(name)?.extends ?? '');
  const found = builtIn(manifest, wanted);
  if (found !== undefined) return found;
  if (files.has(wanted)) {
    try {
      return resolveOwnPreset(wanted, manifest, files);
    } catch (error) {
      if (!(error instanceof PresetProblem)) throw error;
      throw new PresetProblem(
        ['extends'],
        `"${wanted}", which it extends, cannot be used itself: ${error.message}`,
      );
    }
  }
  const names = [...manifest.presets.map((preset) => preset.name), ...files.keys()].filter(
    (one) => one !== name,
  );
  const hint = suggestion(wanted, names) || ` There are ${names.join(', ')}`;
  throw new PresetProblem(['extends'], `there is no preset "${wanted}" to extend.${hint}`);
}

function refuseRing(name: string, { manifest, files }: Surroundings): void {
  const seen: string[] = [];
  for (let at = name; ; ) {
    const next = files.get(at)?.extends;
    if (next === undefined) return;
    seen.push(at);
    at = extendedName(manifest, next);
    const first = seen.indexOf(at);
    if (first < 0) continue;
    const ring = [...seen.slice(first), at].map((one) => `"${one}"`);
    throw new PresetProblem(
      ['extends'],
      ring.length === 2
        ? `${ring[0]} extends itself; name another preset`
        : `these presets extend each other in a ring: ${ring.join(', then ')}; one of them has to extend another preset`,
    );
  }
}

function builtIn(manifest: PresetBase, name: string): PresetSpec | undefined {
  return manifest.presets.find((preset) => preset.name === name && preset.own === undefined);
}

/** Option by option, so that a mistake is told at its own line. */
function checkedOptions(manifest: PresetBase, file: OwnPresetFile): Parameters {
  const checked: Record<string, Json> = {};
  for (const [name, value] of Object.entries(file.options)) {
    try {
      Object.assign(checked, checkOptions(manifest.options, { [name]: value }));
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      throw new PresetProblem(['options', name], error.message.replace(/^--/, '').replace(/\.$/, ''));
    }
  }
  return checked;
}

function inherited(base: MachineSettings, own: OwnPresetFile['machine']): MachineSettings {
  return Object.fromEntries(
    Object.entries({ ...base, ...own }).filter(([, value]) => value !== null && value !== undefined),
  );
}

/** What an own preset does, where its person has not said it. */
function changesText(base: string, file: OwnPresetFile): string {
  const options = Object.entries(file.options).map(([name, value]) => `${name} ${valueText(value)}`);
  const all = [...options, ...settingsText(file.machine)];
  return all.length === 0 ? `${base} as it is.` : `${base} with ${all.join(', ')}.`;
}

/** What a person asks to be saved. */
export interface AskedPreset {
  readonly title: string;
  readonly summary: string;
  readonly options: Parameters;
  readonly machine: MachineSettings;
  /** `machine` says all: what it leaves open is open, whatever the base says. */
  readonly wholeMachine: boolean;
}

/** The file that holds just what differs from its base. */
export function presetDifference(
  manifest: Pick<Manifest, 'options'>,
  base: PresetSpec,
  asked: AskedPreset,
): OwnPresetFile {
  const defaults = Object.fromEntries(manifest.options.map((spec) => [spec.name, spec.default]));
  const before: Parameters = { ...defaults, ...base.options };
  const options = base.suite === undefined ? checkOptions(manifest.options, asked.options) : asked.options;
  return {
    ...words(asked),
    extends: base.name,
    options: Object.fromEntries(
      Object.entries(options).filter(([name, value]) => !same(value, before[name] ?? null)),
    ),
    machine: machineDifference(base.own?.machine ?? {}, asked),
  };
}

/** What a request has where nobody says anything: no part of a preset. */
const UNSAID: MachineSettings = { device: 'auto', workers: 0, profile: 'aggressive', seed: 42 };

/** The machine settings that differ from those of the base. */
export function machineDifference(
  base: MachineSettings,
  { machine, wholeMachine }: Pick<AskedPreset, 'machine' | 'wholeMachine'>,
): OwnPresetFile['machine'] {
  const names = [...new Set([...Object.keys(base), ...Object.keys(machine)])] as (keyof MachineSettings)[];
  return Object.fromEntries(
    names.flatMap((name): [string, Json][] => {
      const [said, before] = [machine[name], base[name]];
      if (said === undefined) return wholeMachine && before !== undefined ? [[name, null]] : [];
      if (said === before || (before === undefined && said === UNSAID[name])) return [];
      return [[name, said]];
    }),
  );
}

/** Title and summary as a file has them. */
export function words({
  title,
  summary,
}: Pick<AskedPreset, 'title' | 'summary'>): Pick<OwnPresetFile, 'title' | 'summary'> {
  return { title, ...(summary === '' ? {} : { summary }) };
}

function same(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** Longest name of a file, without its ending. */
const LONGEST_NAME = 48;

/** The name under which a preset is saved and run: its title in small letters, digits and hyphens. */
export function presetName(title: string): string {
  const plain = title
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_NAME)
    .replaceAll(/^-+|-+$/g, '');
  if (plain === '') return 'preset';
  return /^[a-z]/.test(plain) ? plain : `preset-${plain}`;
}

/** Names that a file of an own preset can have. */
export const PRESET_NAME = /^[a-z][a-z0-9-]*$/;
