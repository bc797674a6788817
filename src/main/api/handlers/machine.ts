import type { Handlers } from '../../../shared/contract/contract.ts';
import type { CoreParts } from '../parts.ts';

type MachineCall = Extract<keyof Handlers, `machine.${string}`>;

export function machineHandlers({
  hardware,
  scheduler,
}: Pick<CoreParts, 'hardware' | 'scheduler'>): Pick<Handlers, MachineCall> {
  return {
    'machine.facts': () => hardware.facts,
    'machine.history': ({ seconds, points }) => ({ samples: hardware.history(seconds, points) }),
    'machine.processes': async () => ({ runs: await scheduler.processes() }),
  };
}
