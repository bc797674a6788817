import type { BatchesSlice } from './batches-slice.ts';
import type { ConnectionSlice } from './connection-slice.ts';
import type { LaunchSlice } from './launch-slice.ts';
import type { MachineSlice } from './machine-slice.ts';
import type { PresetsSlice } from './presets-slice.ts';
import type { ResultsSlice } from './results-slice.ts';
import type { SetupSlice } from './setup-slice.ts';
import type { SuitesSlice } from './suites-slice.ts';
import type { UiSlice } from './ui-slice.ts';

/** Everything the window shows, except curves and logs. Slices mirror the core; they decide nothing. */
export interface AppState
  extends ConnectionSlice,
    BatchesSlice,
    LaunchSlice,
    PresetsSlice,
    ResultsSlice,
    MachineSlice,
    SetupSlice,
    SuitesSlice,
    UiSlice {}
