import type { z } from 'zod';
import { appCalls, appTopics } from './app.ts';
import { archiveCalls } from './archive.ts';
import { batchCalls, batchTopics } from './batches.ts';
import { machineCalls, machineTopics } from './machine.ts';
import { presetCalls } from './presets.ts';
import { resultCalls } from './results.ts';
import { runCalls, runWatches } from './runs.ts';
import { setupCalls, setupTopics } from './setup.ts';
import { suiteCalls } from './suites.ts';
import { workloadCalls } from './workloads.ts';

/** Everything a door can be asked. Both sides derive their types from here. */
export const calls = {
  ...appCalls,
  ...workloadCalls,
  ...suiteCalls,
  ...presetCalls,
  ...batchCalls,
  ...runCalls,
  ...machineCalls,
  ...resultCalls,
  ...archiveCalls,
  ...setupCalls,
};
export const topics = { ...appTopics, ...batchTopics, ...machineTopics, ...setupTopics };
export const watches = { ...runWatches };

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
/** Input after defaults, as a handler sees it. */
export type CallParsed<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;

export type TopicName = keyof typeof topics;
export type TopicItem<N extends TopicName> = z.output<(typeof topics)[N]['item']>;

export type WatchName = keyof typeof watches;
export type WatchKey<N extends WatchName> = z.input<(typeof watches)[N]['key']>;
export type WatchItem<N extends WatchName> = z.output<(typeof watches)[N]['item']>;

/** One handler per call; a missing one does not compile. */
export type Handlers = {
  readonly [N in CallName]: (input: CallParsed<N>) => Promise<CallOutput<N>> | CallOutput<N>;
};
