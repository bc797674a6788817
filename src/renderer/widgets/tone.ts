import type { BatchRecord } from '../../shared/model/batch.ts';
import type { ExperimentState } from '../../shared/model/run.ts';

/** The five state colours. A tone never stands alone: a word or a shape goes with it. */
export type Tone = 'running' | 'succeeded' | 'waiting' | 'warning' | 'failed';

/** Shape drawn beside the word, so that a state is told apart without colour. */
export type Mark = 'dot' | 'ring' | 'half' | 'bars' | 'check' | 'dash' | 'cross' | 'triangle';

/** How a state is told: word, colour and shape together. */
export interface Appearance {
  readonly word: string;
  readonly tone: Tone;
  readonly mark: Mark;
}

export function experimentAppearance(state: ExperimentState): Appearance {
  switch (state.kind) {
    case 'queued':
      return { word: 'Queued', tone: 'waiting', mark: 'ring' };
    case 'waiting':
      return { word: 'Waiting', tone: 'waiting', mark: 'half' };
    case 'starting':
      return { word: 'Starting', tone: 'running', mark: 'ring' };
    case 'running':
      return { word: 'Running', tone: 'running', mark: 'dot' };
    case 'paused':
      return { word: 'Paused', tone: 'warning', mark: 'bars' };
    case 'succeeded':
      return { word: 'Succeeded', tone: 'succeeded', mark: 'check' };
    case 'partial':
      return { word: 'Partial', tone: 'warning', mark: 'half' };
    case 'failed':
      return { word: 'Failed', tone: 'failed', mark: 'cross' };
    case 'timed-out':
      return { word: 'Timed out', tone: 'failed', mark: 'triangle' };
    case 'cancelled':
      return { word: 'Cancelled', tone: 'waiting', mark: 'cross' };
    case 'interrupted':
      return { word: 'Interrupted', tone: 'warning', mark: 'bars' };
    case 'skipped':
      return { word: 'Skipped', tone: 'waiting', mark: 'dash' };
    case 'postponed':
      return { word: 'Postponed', tone: 'waiting', mark: 'half' };
  }
}

/** A finished batch is told by its worst outcome. */
export function batchAppearance(batch: BatchRecord): Appearance {
  switch (batch.state.kind) {
    case 'running':
      return { word: 'Running', tone: 'running', mark: 'dot' };
    case 'paused':
      return { word: 'Paused', tone: 'warning', mark: 'bars' };
    case 'stopping':
      if (batch.state.sentence) return { word: 'Finishing what runs', tone: 'warning', mark: 'half' };
      return { word: 'Stopping at checkpoints', tone: 'warning', mark: 'half' };
    case 'interrupted':
      return { word: 'Interrupted', tone: 'warning', mark: 'bars' };
    case 'damaged':
      return { word: 'Damaged', tone: 'failed', mark: 'triangle' };
    case 'finished':
      return batch.counts.failed > 0
        ? { word: `Finished, ${batch.counts.failed} failed`, tone: 'failed', mark: 'cross' }
        : batch.counts.stopped > 0
          ? { word: `Finished, ${batch.counts.stopped} stopped`, tone: 'warning', mark: 'half' }
          : { word: 'Finished', tone: 'succeeded', mark: 'check' };
  }
}
