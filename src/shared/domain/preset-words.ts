import type { Json } from '../model/json.ts';
import type { BrokenPreset, OwnPresetFile } from '../model/own-preset.ts';
import { formatCount, formatDuration } from './format.ts';

/** Items of a list that are named; of longer ones the number is told. */
const NAMED = 6;

/** A value in a sentence. */
export function valueText(value: Json): string {
  if (!Array.isArray(value)) return typeof value === 'object' ? JSON.stringify(value) : String(value);
  return value.length > NAMED
    ? `[${value.length} values]`
    : `[${value.map((item) => valueText(item)).join(', ')}]`;
}

/** Machine settings in a sentence: "2 workers", "on cpu", "no time limit". */
export function settingsText(machine: OwnPresetFile['machine']): string[] {
  const { device, workers, profile, memoryGb, seed, threads } = machine;
  const { timeoutSeconds, retries, retryDelaySeconds, failFast } = machine;
  return [
    device === undefined ? null : `on ${device ?? 'any device'}`,
    workers === undefined
      ? null
      : workers === null || workers === 0
        ? 'workers as the machine allows'
        : formatCount(workers, 'worker'),
    // A worker count says "custom" by itself.
    profile === undefined || profile === 'custom' ? null : `profile ${profile ?? 'aggressive'}`,
    memoryGb === undefined
      ? null
      : memoryGb === null
        ? 'memory as the machine allows'
        : `${memoryGb} GB of memory`,
    seed === undefined ? null : `seed ${seed ?? 'as usual'}`,
    threads === undefined ? null : `${threads ?? 1} threads a run`,
    timeoutSeconds === undefined
      ? null
      : timeoutSeconds === null
        ? 'no time limit'
        : `time limit ${formatDuration(timeoutSeconds)}`,
    retries === undefined ? null : formatCount(retries ?? 0, 'retry', 'retries'),
    retryDelaySeconds === undefined ? null : `${formatDuration(retryDelaySeconds ?? 0)} before a retry`,
    failFast === undefined ? null : failFast ? 'stops at the first failure' : 'goes on after a failure',
  ].filter((text) => text !== null);
}

/** The sentence of a broken preset with its place. */
export function brokenSentence({ path, line, key, reason }: BrokenPreset): string {
  const named = key === null || reason.includes(`"${key}"`) ? '' : `"${key}": `;
  return `${path}, line ${line}: ${named}${reason}`;
}
