import type { Handlers } from '../../../shared/contract/contract.ts';
import type { SetupDesk } from '../setup-desk.ts';

type SetupCall = Extract<keyof Handlers, `setup.${string}`>;

export function setupHandlers(desk: SetupDesk): Pick<Handlers, SetupCall> {
  return {
    'setup.report': ({ fresh }) => desk.report(fresh),
    'setup.choose': async ({ python }) => {
      await desk.choose(python);
      return {};
    },
    'setup.open': async ({ path }) => ({ python: await desk.open(path) }),
    'setup.prepare': () => {
      desk.prepare();
      return {};
    },
    'setup.cancel': () => {
      desk.cancel();
      return {};
    },
  };
}
