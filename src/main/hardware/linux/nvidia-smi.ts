import type { GpuSample, HardwareFacts } from '../../../shared/model/hardware.ts';
import { wholeLines } from '../whole-lines.ts';

/** Arguments whose answer `parseNvidiaSmi` reads: a line per card, numbers in per cent and MiB. */
export const nvidiaArguments: readonly string[] = [
  '--query-gpu=name,utilization.gpu,memory.used,memory.total',
  '--format=csv,noheader,nounits',
];

export interface NvidiaCard {
  readonly name: string;
  readonly percent: number | null;
  readonly usedBytes: number | null;
  readonly totalBytes: number | null;
}

/** A figure in digits, or a word in brackets in its place. */
const FIGURE = /^(\d+|N\/A|\[[^\]]*\])$/;
const NAME = /^[\x20-\x7e]+$/;

/** `[N/A]` and `[Not Supported]` (cards divided by MIG, old cards) are null. */
export function parseNvidiaSmi(text: string): NvidiaCard[] {
  const cards: NvidiaCard[] = [];
  for (const line of wholeLines(text).split('\n')) {
    const cells = line.split(',').map((cell) => cell.trim());
    const [name = '', ...figures] = cells;
    if (figures.length !== 3 || !NAME.test(name) || !figures.every((cell) => FIGURE.test(cell))) continue;
    const [percent, used, installed] = figures.map((cell) => (/^\d+$/.test(cell) ? Number(cell) : null));
    cards.push({
      name,
      percent: percent ?? null,
      usedBytes: mebibytes(used),
      totalBytes: mebibytes(installed),
    });
  }
  return cards;
}

/** Several cards as one: mean use, summed memory. */
export function nvidiaSample(cards: readonly NvidiaCard[]): GpuSample | null {
  if (cards.length === 0) return null;
  const percents = cards.flatMap((card) => (card.percent === null ? [] : [card.percent]));
  const used = cards.flatMap((card) => (card.usedBytes === null ? [] : [card.usedBytes]));
  return {
    percent: percents.length === 0 ? null : total(percents) / percents.length,
    allocatedBytes: used.length === 0 ? null : total(used),
    activeBytes: null,
  };
}

export function nvidiaFacts(cards: readonly NvidiaCard[]): HardwareFacts['gpu'] {
  const first = cards[0];
  if (!first) return null;
  const memory = cards.flatMap((card) => (card.totalBytes === null ? [] : [card.totalBytes]));
  return {
    name: cards.length > 1 ? `${cards.length} × ${first.name}` : first.name,
    cores: null,
    memoryBytes: memory.length === cards.length ? total(memory) : null,
  };
}

function mebibytes(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : value * 1024 * 1024;
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
