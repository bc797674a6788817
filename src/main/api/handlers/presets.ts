import type { Handlers } from '../../../shared/contract/contract.ts';
import {
  extendedName,
  machineDifference,
  type OwnPresetFiles,
  presetDifference,
  presetName,
  PresetProblem,
  resolveOwnPreset,
  words,
} from '../../../shared/domain/own-preset.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import { type MachineSettings, machineSettings } from '../../../shared/model/machine-settings.ts';
import type { OwnPresetFile } from '../../../shared/model/own-preset.ts';
import type { PlanCall } from '../../../shared/model/plan-call.ts';
import type { Manifest, PresetSpec } from '../../../shared/model/workload.ts';
import type { CoreParts } from '../parts.ts';
import type { SuiteBook } from '../suite-book.ts';

type PresetCall = Extract<keyof Handlers, `presets.${string}`>;

const SETTINGS = Object.keys(machineSettings.shape) as (keyof MachineSettings)[];

export function presetHandlers(
  { catalog, presets }: Pick<CoreParts, 'catalog' | 'presets'>,
  suites: SuiteBook,
): Pick<Handlers, PresetCall> {
  /** Refuses a name that something else has; `own` = the preset that may keep it. */
  function requireFree(manifest: Manifest, name: string, own?: string): void {
    if (name === own) return;
    const taken = manifest.presets.find((preset) => preset.name === name);
    const broken =
      taken === undefined && presets.list(builtIn(manifest)).broken.some((one) => one.preset === name);
    if (taken === undefined && !broken) return;
    const whose =
      taken?.own === undefined && !broken ? 'a preset of the workload itself' : 'a preset of yours';
    throw new ExpectedError(
      'usage',
      `${manifest.name}/${name} is ${whose} already. Choose another name${whose.endsWith('yours') ? ', or save the changes there' : ''}.`,
    );
  }

  return {
    'presets.save': async ({ title, summary, replace, request, suite }) => {
      const { suiteId } = request;
      const path = suiteId === undefined ? suite : suites.find(suiteId).path;
      const { manifest } =
        path === undefined ? (await catalog.resolve(request)).workload : await catalog.find(request.workload);
      const name = replace ?? presetName(title);
      requireFree(manifest, name, replace);
      const old = replace === undefined ? undefined : ownOf(manifest, replace);
      const asked = { title, summary, ...saidOf(request) };
      const file: OwnPresetFile =
        path === undefined
          ? ofPreset(manifest, { old, asked, preset: (await catalog.resolve(request)).preset })
          : {
              ...words(asked),
              suite: path,
              options: request.options,
              ...(request.sweep === undefined ? {} : { sweep: request.sweep }),
              machine: machineDifference({}, asked),
            };
      const sweep = path === undefined && request.sweep !== undefined ? { sweep: request.sweep } : {};
      requireUsable(name, { manifest, files: presets.read(manifest.name), file: { ...file, ...sweep } });
      presets.write(manifest.name, name, { ...file, ...sweep });
      return { workload: manifest.name, preset: name };
    },
    'presets.rename': async ({ workload, preset, title, summary }) => {
      const { manifest } = await catalog.find(workload);
      ownOf(manifest, preset);
      const file = presets.read(workload).get(preset);
      const next = presetName(title);
      requireFree(manifest, next, preset);
      if (file === undefined)
        throw new Error(`The file of ${workload}/${preset} was lost between two looks.`);
      const { summary: _, ...rest } = file;
      presets.write(workload, preset, { ...rest, ...words({ title, summary }) });
      if (next !== preset) presets.rename(workload, preset, next);
      return { workload, preset: next };
    },
    'presets.remove': async ({ workload, preset }) => {
      const { manifest } = await catalog.find(workload);
      // One that cannot be used is no loss to those that extend it, and in a ring each waits for the others.
      const usable = manifest.presets.some(({ name, own }) => name === preset && own !== undefined);
      const others = [...presets.read(workload)]
        .filter(
          ([, { extends: base }]) => usable && base !== undefined && extendedName(manifest, base) === preset,
        )
        .map(([name]) => `${workload}/${name}`);
      if (others.length > 0)
        throw new ExpectedError(
          'not-possible-now',
          `${workload}/${preset} cannot be removed: ${others.join(' and ')} ${others.length === 1 ? 'extends' : 'extend'} it. Remove ${others.length === 1 ? 'that one' : 'those'} first.`,
        );
      presets.remove(workload, preset);
      return {};
    },
  };
}

function ofPreset(
  manifest: Manifest,
  found: {
    readonly old: PresetSpec | undefined;
    readonly preset: PresetSpec;
    readonly asked: Parameters<typeof presetDifference>[2];
  },
): OwnPresetFile {
  const { old, preset, asked } = found;
  if (old === undefined || preset.name !== old.name) return presetDifference(manifest, preset, asked);
  // Changes of a preset to itself: what it says stays, and its base stays the one that it has.
  const base = manifest.presets.find(({ name }) => name === old.own?.extends);
  const options = { ...old.options, ...asked.options };
  const machine = asked.wholeMachine ? asked.machine : { ...old.own?.machine, ...asked.machine };
  const whole = { ...asked, options, machine, wholeMachine: true };
  if (base !== undefined) return presetDifference(manifest, base, whole);
  return {
    ...words(asked),
    ...(old.suite === undefined ? {} : { suite: old.suite }),
    options,
    ...(old.own?.sweep === undefined ? {} : { sweep: old.own.sweep }),
    machine: machineDifference({}, whole),
  };
}

function saidOf(request: Omit<PlanCall, 'suite' | 'python' | 'csv'>): {
  options: PlanCall['options'];
  machine: MachineSettings;
  wholeMachine: boolean;
} {
  const machine = Object.fromEntries(
    SETTINGS.map((name) => [name, request[name]]).filter(([, value]) => value !== undefined),
  ) as MachineSettings;
  return { options: request.options, machine, wholeMachine: !request.presetMachine };
}

/** An own preset by its name. Throws ExpectedError('not-found'). */
function ownOf(manifest: Manifest, name: string): PresetSpec {
  const found = manifest.presets.find((preset) => preset.name === name);
  if (found?.own !== undefined) return found;
  throw new ExpectedError(
    'not-found',
    found === undefined
      ? `There is no preset of yours called ${manifest.name}/${name}.`
      : `${manifest.name}/${name} is a preset of the workload itself, which stays as it is.`,
  );
}

function builtIn(manifest: Manifest): Manifest {
  return { ...manifest, presets: manifest.presets.filter(({ own }) => own === undefined) };
}

/** A ring, for example, can be seen before anything is written. */
function requireUsable(
  name: string,
  place: { readonly manifest: Manifest; readonly files: OwnPresetFiles; readonly file: OwnPresetFile },
): void {
  try {
    resolveOwnPreset(name, builtIn(place.manifest), new Map(place.files).set(name, place.file));
  } catch (error) {
    if (!(error instanceof PresetProblem)) throw error;
    throw new ExpectedError('usage', `The preset ${name} cannot be saved: ${error.message}.`);
  }
}
