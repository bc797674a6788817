import type { HardwareFacts } from '../../shared/model/hardware.ts';
import { within } from './source.ts';

/** What nobody could say is an empty text. */
export interface StaticFacts {
  readonly model: string;
  /** Name and version of the system, as people know it. */
  readonly system: string;
}

/** It asks programs, some of which are slow on some machines; in seconds. */
const TIMEOUT = 5;
/** What manufacturers and containers put where a name should be. */
const NO_NAME = /^(?:-|none|unknown|default string|system product name|to be filled by o\.?e\.?m\.?)?$/i;
/** All that detection knows without a better source: the kernel's name and version. */
const KERNEL_ONLY = /^(?:Linux|Darwin|freebsd|win32|openbsd|sunos|aix) \d/;

/** Whether detection has left open what `askSystem` may know. */
export function isIncomplete(facts: HardwareFacts): boolean {
  return facts.model === null || KERNEL_ONLY.test(facts.osVersion);
}

/** The facts with their gaps filled; what detection has read itself stays. */
export function fillGaps(facts: HardwareFacts, { model, system }: StaticFacts): HardwareFacts {
  return {
    ...facts,
    model: facts.model ?? named(model),
    osVersion: KERNEL_ONLY.test(facts.osVersion) ? (named(system) ?? facts.osVersion) : facts.osVersion,
  };
}

/** Asks the package `systeminformation`, for static facts only: null when it has no answer in time. */
export async function askSystem(): Promise<StaticFacts | null> {
  // Loaded here, because it is large and mostly not needed.
  const information = await import('systeminformation');
  let found: StaticFacts | null = null;
  const answer = Promise.all([information.system(), information.osInfo()]).then(
    ([machine, os]) => {
      found = { model: machine.model, system: `${os.distro} ${os.release}`.trim() };
    },
    // Nothing depends on it: the gap stays a gap.
    () => undefined,
  );
  await within(answer, TIMEOUT);
  return found;
}

function named(text: string): string | null {
  const trimmed = text.trim();
  return NO_NAME.test(trimmed) ? null : trimmed;
}
