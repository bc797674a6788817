import type { CallOutput } from '../../shared/contract/contract.ts';
import type { HardwareFacts, MachineSample } from '../../shared/model/hardware.ts';
import type { Update } from './update.ts';

export type ProcessList = CallOutput<'machine.processes'>['runs'];

export interface MachineSlice {
  readonly hardware: HardwareFacts | null;
  /** The newest sample: the meters. Graphs keep their own history outside the store. */
  readonly sample: MachineSample | null;
  readonly processes: ProcessList | null;
  hardwareArrived(facts: HardwareFacts): void;
  sampleArrived(sample: MachineSample): void;
  processesArrived(runs: ProcessList): void;
}

export function machineSlice(set: Update<MachineSlice>): MachineSlice {
  return {
    hardware: null,
    sample: null,
    processes: null,
    hardwareArrived: (hardware) => set({ hardware }),
    sampleArrived: (sample) => set({ sample }),
    processesArrived: (processes) => set({ processes }),
  };
}
