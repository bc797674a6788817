import type { DeviceChoice, MachineSettings, Profile } from '../../shared/model/machine-settings.ts';

/** The machine settings as fields hold them. Empty = nothing is asked for, so that a suite may say it. */
export interface MachineTexts {
  readonly device: DeviceChoice | '';
  readonly profile: Profile;
  readonly workers: string;
  readonly memoryGb: string;
  readonly seed: string;
  readonly threads: string;
  readonly retries: string;
  /** Seconds. */
  readonly retryDelay: string;
  readonly whenFailed: 'go-on' | 'stop' | '';
  readonly timeoutMinutes: string;
}

/** Nothing is asked for. */
export const NO_SETTINGS: MachineTexts = {
  device: '',
  profile: 'aggressive',
  workers: '',
  memoryGb: '',
  seed: '42',
  threads: '',
  retries: '',
  retryDelay: '',
  whenFailed: '',
  timeoutMinutes: '',
};

const FIELDS = Object.keys(NO_SETTINGS) as (keyof MachineTexts)[];

/** How people call the settings. */
export const SETTING_TITLES: Readonly<Record<keyof MachineTexts, string>> = {
  device: 'device',
  profile: 'profile',
  workers: 'workers',
  memoryGb: 'memory',
  seed: 'seed',
  threads: 'threads per run',
  retries: 'retries',
  retryDelay: 'wait before a retry',
  whenFailed: 'when one fails',
  timeoutMinutes: 'time limit',
};

/** The settings that somebody has said, be it in an own preset or in the request of a batch. */
export function machineTexts(settings: MachineSettings): MachineTexts {
  const { workers = 0, memoryGb, seed, threads, retries } = settings;
  const { retryDelaySeconds, failFast, timeoutSeconds } = settings;
  return {
    device: settings.device ?? '',
    profile: settings.profile ?? (workers === 0 ? NO_SETTINGS.profile : 'custom'),
    workers: workers === 0 ? '' : String(workers),
    memoryGb: String(memoryGb ?? ''),
    seed: String(seed ?? NO_SETTINGS.seed),
    threads: String(threads ?? ''),
    retries: String(retries ?? ''),
    retryDelay: String(retryDelaySeconds ?? ''),
    whenFailed: failFast === undefined ? '' : failFast ? 'stop' : 'go-on',
    timeoutMinutes: timeoutSeconds === undefined ? '' : String(timeoutSeconds / 60),
  };
}

/** What of a larger form are machine settings. */
export function settingsOf(form: MachineTexts): MachineTexts {
  return Object.fromEntries(FIELDS.map((name) => [name, form[name]])) as unknown as MachineTexts;
}

/** The settings in which two forms differ. */
export function changedSettings(form: MachineTexts, before: MachineTexts): (keyof MachineTexts)[] {
  const changed = FIELDS.filter((name) => form[name].trim() !== before[name].trim());
  // A worker count makes the profile "custom" by itself.
  return changed.filter((name) => name !== 'profile' || !changed.includes('workers'));
}

/**
 * The settings when another preset is chosen: what the person has set stays, what the last preset has set goes with it,
 * and the next one sets its own.
 */
export function settingsAfterChoice(
  form: MachineTexts | null,
  presets: { readonly last: MachineSettings; readonly next: MachineSettings },
): MachineTexts {
  if (Object.keys(presets.next).length > 0) return machineTexts(presets.next);
  if (form === null) return NO_SETTINGS;
  const texts = settingsOf(form);
  if (Object.keys(presets.last).length === 0) return texts;
  const before = machineTexts(presets.last);
  const kept = FIELDS.map((name) => [name, texts[name] === before[name] ? NO_SETTINGS[name] : texts[name]]);
  return Object.fromEntries(kept) as unknown as MachineTexts;
}
