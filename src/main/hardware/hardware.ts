import type { HardwareFacts, MachineSample, ProcessSample } from '../../shared/model/hardware.ts';

/** The machine: what it is, and how it is doing. */
export interface Hardware {
  readonly facts: HardwareFacts;
  /** Newest sample; null before the first one. */
  latest(): MachineSample | null;
  /** A fresh sample now (used by admission before a run starts when the newest is older than 2 s). */
  sample(): Promise<MachineSample>;
  /** Samples of the last `seconds`, min-max thinned to about `points`. */
  history(seconds: number, points: number): MachineSample[];
  onSample(listener: (sample: MachineSample) => void): () => void;
  /** Process tree below each root pid (root included). A root that is gone gives an empty list. */
  trees(roots: readonly number[]): Promise<Map<number, ProcessSample[]>>;
  close(): void;
}
