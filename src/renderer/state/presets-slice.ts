import type { Update } from './update.ts';

/** What is being named: a new preset, or the own one that is chosen. */
export type PresetSheet = 'save' | 'rename';

export interface PresetsSlice {
  readonly presetSheet: PresetSheet | null;
  presetSheetShown(sheet: PresetSheet | null): void;
}

export function presetsSlice(set: Update<PresetsSlice>): PresetsSlice {
  return {
    presetSheet: null,
    presetSheetShown: (presetSheet) => set({ presetSheet }),
  };
}
