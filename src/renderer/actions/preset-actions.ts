import { ExpectedError } from '../../shared/model/error.ts';
import type { Manifest, PresetSpec } from '../../shared/model/workload.ts';
import type { Connection } from '../connect.ts';
import { type LaunchForm, presetOf, readForm } from '../state/launch-form.ts';
import { hashOf } from '../state/route.ts';
import type { AppStore } from '../state/store.ts';
import { attempt, sentenceOf } from './attempt.ts';

/** Name and purpose of a preset as a person gives them. */
export interface PresetWords {
  readonly title: string;
  readonly summary: string;
}

export interface PresetActions {
  /** Saves the launch form as a new preset and chooses it. Resolves to what stands in its way; null = saved. */
  savePreset(words: PresetWords): Promise<string | null>;
  /** Saves the launch form as the own preset that is chosen. */
  savePresetChanges(): Promise<void>;
  /** Resolves like `savePreset`. */
  renamePreset(words: PresetWords): Promise<string | null>;
  /** Moves the file of an own preset to the trash. */
  removePreset(workload: string, preset: string): Promise<void>;
}

interface Tools {
  readonly store: AppStore;
  readonly connection: Connection;
  /** Reads the workloads again and shows a preset. */
  readonly reload: (workload: string, preset: string | null) => Promise<void>;
}

interface Chosen {
  readonly form: LaunchForm;
  readonly manifest: Manifest;
  readonly preset: PresetSpec | undefined;
}

export function presetActions({ store, connection, reload }: Tools): PresetActions {
  function chosen(): Chosen | null {
    const { form, workloads } = store.getState();
    const manifest = workloads.value?.workloads.find((candidate) => candidate.name === form?.workload);
    return form && manifest ? { form, manifest, preset: presetOf(manifest, form.preset) } : null;
  }

  async function show(workload: string, preset: string | null): Promise<void> {
    // What a preset costs may have changed with it, and with it what those cost that extend it.
    store.getState().presetPlansForgotten();
    history.replaceState(null, '', hashOf({ screen: 'launch', workload, preset }));
    await reload(workload, preset);
    store.getState().routeChanged({ screen: 'launch', workload, preset });
  }

  async function save(words: PresetWords, replace: string | null): Promise<void> {
    const now = chosen();
    if (now === null) return;
    const reading = readForm(now.form, now.manifest);
    if (reading.kind === 'problems') {
      const [[field, problem] = ['', '']] = Object.entries(reading.problems);
      throw new ExpectedError('usage', `${field}: ${problem}`);
    }
    const { only: _, startFrom: __, forceOverwrite: ___, ...request } = reading.request;
    const saved = await connection.call('presets.save', {
      ...words,
      // A form shows every machine setting, so that what it leaves open is open.
      request: { ...request, presetMachine: false },
      ...(replace === null ? {} : { replace }),
    });
    await show(saved.workload, saved.preset);
  }

  async function sentence(work: () => Promise<void>): Promise<string | null> {
    try {
      await work();
      return null;
    } catch (error) {
      return sentenceOf(error);
    }
  }

  return {
    savePreset: (words) => sentence(() => save(words, null)),
    savePresetChanges: () =>
      attempt(store, async () => {
        const preset = chosen()?.preset;
        if (preset?.own === undefined) return;
        await save({ title: preset.title, summary: preset.own.summary }, preset.name);
        store.getState().noticed('info', `The changes are saved in ${preset.title}.`);
      }),
    renamePreset: (words) =>
      sentence(async () => {
        const now = chosen();
        if (now?.preset?.own === undefined) return;
        const { manifest, preset, form } = now;
        const saved = await connection.call('presets.rename', {
          ...words,
          workload: manifest.name,
          preset: preset.name,
        });
        // What was changed and not saved goes along under the new name.
        store.getState().formReplaced({ ...form, preset: saved.preset });
        await show(saved.workload, saved.preset);
      }),
    removePreset: (workload, preset) =>
      attempt(store, async () => {
        const now = chosen();
        await connection.call('presets.remove', { workload, preset });
        store.getState().noticed('info', `${workload}/${preset} is in the workspace's trash.`);
        const left = now?.form.workload === workload && now.form.preset === preset;
        const next = left ? (now.preset?.own?.extends ?? null) : (now?.form.preset ?? null);
        await show(workload, next);
      }),
  };
}
