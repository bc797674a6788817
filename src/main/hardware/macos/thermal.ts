import type { MachineSample } from '../../../shared/model/hardware.ts';

const levels = ['nominal', 'fair', 'serious', 'critical', 'critical'] as const;

/** From `notifyutil -g com.apple.system.thermalpressurelevel`: the key and 0 to 4 (4 = about to sleep). */
export function parseThermalLevel(text: string): MachineSample['thermal'] {
  const level = /^com\.apple\.system\.thermalpressurelevel\s+([0-4])\s*$/m.exec(text)?.[1];
  return level === undefined ? null : (levels[Number(level)] ?? null);
}
