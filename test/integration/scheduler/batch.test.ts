import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveFacts } from '../../../src/shared/model/run.ts';
import { type Bench, openBench } from '../../support/scheduler-bench.ts';
import { tinyPlan } from '../../support/plans.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.close());

describe('a batch', () => {
  it('runs every experiment and is finished', async () => {
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{}, {}, {}] }));
    await bench.scheduler.idle();
    const detail = bench.store.detail(batch);
    expect(detail?.experiments.map(({ state }) => state.kind)).toEqual([
      'succeeded',
      'succeeded',
      'succeeded',
    ]);
    expect(detail?.batch.state).toEqual({ kind: 'finished' });
    expect(detail?.batch.counts).toMatchObject({ total: 3, succeeded: 3, live: 0 });
    expect(detail?.batch.progress).toMatchObject({ fraction: 1, remainingSeconds: 0 });
    expect(detail?.experiments[0]?.summary).toMatchObject({ steps: 3 });
  });
});

describe('a batch under way', () => {
  it('is not disturbed by a rebuild of the index', async () => {
    const batch = await bench.scheduler.start(
      tinyPlan({ experiments: [{ steps: 8, pause: 0.05 }, {}], workers: 1 }),
    );
    await bench.until(batch, 0, ['running']);
    expect(bench.store.reindex().problems).toEqual([]);
    expect(bench.experiment(batch, 0).state.kind).toBe('running');
    expect(bench.store.batch(batch)?.state).toEqual({ kind: 'running' });
    await bench.scheduler.idle();
    expect(bench.store.experiments(batch).map(({ state, attempt }) => [state.kind, attempt])).toEqual([
      ['succeeded', 1],
      ['succeeded', 1],
    ]);
  });

  it('tells its changes in an order in which no state goes back', async () => {
    const kinds: string[] = [];
    const stop = bench.store.changes.subscribe((set) => {
      for (const change of set.changes) if (change.kind === 'experiment') kinds.push(change.value.state.kind);
    });
    await bench.scheduler.start(tinyPlan({ experiments: [{ steps: 6, pause: 0.05 }] }));
    await bench.scheduler.idle();
    stop();
    const order = ['queued', 'starting', 'running', 'succeeded'];
    const positions = kinds.map((kind) => order.indexOf(kind));
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(kinds)).toContain('running');
    expect(kinds.at(-1)).toBe('succeeded');
  });

  it('leaves another batch its own workers within the limits they share', async () => {
    const slow = { steps: 8, pause: 0.05 };
    const first = await bench.scheduler.start(tinyPlan({ experiments: [slow, slow], workers: 1 }));
    const other = { steps: 9, pause: 0.05 };
    const second = await bench.scheduler.start(tinyPlan({ experiments: [other], workers: 1 }));
    await bench.until(second, 0, ['running']);
    expect(bench.store.batch(first)?.counts).toMatchObject({ live: 1, queued: 1 });
    await bench.scheduler.idle();
    expect([first, second].map((id) => bench.store.batch(id)?.state.kind)).toEqual(['finished', 'finished']);
  });

  it('waits for the same experiment in another batch, and takes over its result', async () => {
    const shared = { steps: 8, pause: 0.05 };
    const first = await bench.scheduler.start(tinyPlan({ experiments: [shared], forceOverwrite: false }));
    const second = await bench.scheduler.start(
      tinyPlan({ experiments: [shared, {}], forceOverwrite: false }),
    );
    const waiting = await bench.until(second, 0, ['waiting']);
    expect(waiting.state).toMatchObject({ resource: 'twin', sentence: expect.stringContaining(first) });
    await bench.scheduler.idle();
    expect(bench.store.runs(second).map(({ index }) => index)).toEqual([1]);
    const { state } = bench.experiment(second, 0);
    expect(state).toMatchObject({ kind: 'skipped', batch: first, index: 0, attempt: 1 });
    expect(bench.store.batch(second)?.counts).toMatchObject({ succeeded: 1, skipped: 1 });
    bench.store.reindex();
    expect(bench.experiment(second, 0).state).toEqual(state);
  });

  it('runs what it waited for when the other batch brings no result', async () => {
    const shared = { steps: 400, pause: 0.05 };
    const first = await bench.scheduler.start(tinyPlan({ experiments: [shared], forceOverwrite: false }));
    const second = await bench.scheduler.start(tinyPlan({ experiments: [shared], forceOverwrite: false }));
    await bench.until(first, 0, ['running']);
    expect(bench.experiment(second, 0).state.kind).toBe('waiting');
    await bench.scheduler.cancel(first, [0]);
    await bench.until(second, 0, ['running']);
    await bench.scheduler.stop(second, 'cancel');
    await bench.scheduler.idle();
  });

  it('shows what a live run says of itself to those who look', async () => {
    const stopLooking = bench.store.changes.subscribe(() => undefined);
    const batch = await bench.scheduler.start(tinyPlan({ experiments: [{ steps: 20, pause: 0.2 }] }));
    await vi.waitFor(() => expect(bench.experiment(batch, 0).live?.rate).toBeGreaterThan(0), {
      timeout: 30_000,
    });
    expect(bench.experiment(batch, 0).live).toMatchObject({
      worker: 1,
      phase: 'training',
      progress: { total: 20, unit: 'steps' },
    });
    await vi.waitFor(() => expect(bench.store.batch(batch)?.progress.fraction).toBeGreaterThan(0));
    await bench.scheduler.stop(batch, 'cancel');
    await bench.scheduler.idle();
    expect(bench.experiment(batch, 0).live).toBeNull();
    stopLooking();
  });

  it('tells another state at once, and the rest once a second however fast it changes', async () => {
    const began = performance.now();
    const live: LiveFacts[] = [];
    const states: string[] = [];
    const stopLooking = bench.store.changes.subscribe(({ changes }) => {
      for (const change of changes) {
        if (change.kind !== 'experiment') continue;
        const { state, live: facts } = change.value;
        if (states.at(-1) === state.kind && facts) live.push(facts);
        if (states.at(-1) !== state.kind) states.push(state.kind);
      }
    });
    await bench.scheduler.start(tinyPlan({ experiments: [{ steps: 60, pause: 0.04 }] }));
    await bench.scheduler.idle();
    stopLooking();
    expect(states).toEqual(['starting', 'running', 'succeeded']);
    const seconds = (performance.now() - began) / 1000;
    expect(live.length).toBeGreaterThan(1);
    // The first step is told at once as well.
    expect(live.length).toBeLessThanOrEqual(Math.ceil(seconds) + 2);
    expect(live.at(-1)?.progress?.done).toBeGreaterThan(10);
  });
});
