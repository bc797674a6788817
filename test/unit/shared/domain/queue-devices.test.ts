import { describe, expect, it } from 'vitest';
import { splitDevices } from '../../../../src/shared/domain/device-set.ts';
import { decideQueue } from '../../../../src/shared/domain/queue.ts';
import type { Candidate, Occupant, QueuedBatch } from '../../../../src/shared/domain/queue-model.ts';
import { DEVICE_SLOTS } from '../../../../src/shared/domain/queue-room.ts';
import { createRandom } from '../../../support/random.ts';
import { createStillMachine } from '../../../support/still-machine.ts';

function candidate(index: number, change: Partial<Candidate> = {}): Candidate {
  const own = { index, identity: `i${index}`, order: index, phase: 'main', memoryMb: 100 };
  return { ...own, device: 'cuda:0', ...change };
}

function occupant(index: number, device: string, change: Partial<Occupant> = {}): Occupant {
  const own = { index, identity: `i${index}`, phase: 'main', memoryMb: 100, usedMb: 100 };
  return { ...own, device, gpuLoad: 'heavy', threads: splitDevices(device).length, ...change };
}

function batch(change: Partial<QueuedBatch> = {}): QueuedBatch {
  return {
    id: 'b',
    admits: true,
    workers: 8,
    asked: false,
    threads: 1,
    gpuLoad: 'heavy',
    cards: 2,
    budgetMb: 100_000,
    phases: [{ name: 'main', needs: [] }],
    candidates: [],
    live: [],
    ...change,
  };
}

function decide(batches: QueuedBatch[], cores = 64) {
  return decideQueue({ batches, cores, machine: null, now: 0 });
}

describe('a run of several devices', () => {
  it('gets different cards, those that are free first, and is one worker', () => {
    const own = batch({
      cards: 4,
      workers: 3,
      candidates: [candidate(5, { devices: 2 }), candidate(6, { devices: 2 })],
      live: [occupant(0, 'cuda:0'), occupant(1, 'cuda:0')],
    });
    expect(decide([own]).start).toEqual([{ batch: 'b', index: 5, device: 'cuda:1+cuda:2' }]);
    const roomy = decide([{ ...own, workers: 8 }]).start;
    expect(roomy.map(({ device }) => device)).toEqual(['cuda:1+cuda:2', 'cuda:1+cuda:3']);
  });

  it('takes the card that it is pinned to, and others beside it', () => {
    const own = batch({
      cards: 3,
      candidates: [candidate(5, { devices: 2, device: 'cuda:2', pinned: true })],
    });
    expect(decide([own]).start[0]?.device).toBe('cuda:2+cuda:0');
  });

  it('starts with all of them or not at all, and keeps what it waits for from those behind it', () => {
    const live = [occupant(0, 'cuda:0'), occupant(1, 'cuda:0')];
    const behind = [candidate(6, { device: 'cuda:0' }), candidate(7, { device: 'cuda:1' })];
    const own = batch({ candidates: [candidate(5, { devices: 2 }), ...behind], live });
    const decision = decide([own]);
    expect(decision.start).toEqual([{ batch: 'b', index: 7, device: 'cuda:1' }]);
    expect(decision.waits.map(({ state }) => state.sentence)).toEqual([
      'Waits for 2 GPUs at once: 1 free.',
      'Waits for the device cuda:0, which is kept for a run that takes several at once.',
    ]);
    // The last place of cuda:1 is kept: a second one behind it would take it.
    const more = [...own.candidates, candidate(8, { device: 'cuda:1' })];
    expect(decide([{ ...own, candidates: more }]).start.map(({ index }) => index)).toEqual([7]);
  });

  it('keeps its worker and its devices from younger batches too', () => {
    const old = batch({
      id: 'old',
      workers: 2,
      candidates: [candidate(5, { devices: 2 }), candidate(6, { device: 'cpu' })],
      live: [occupant(0, 'cuda:0')],
    });
    const young = batch({
      id: 'young',
      candidates: [candidate(7), candidate(8, { device: 'cuda:1' })],
      live: [occupant(1, 'cuda:0')],
    });
    const decision = decide([old, young]);
    expect(decision.start.map(({ index }) => index)).toEqual([8]);
    expect(decision.free.get('old')).toBe(0);
  });

  it('counts the threads of all its processes, and is let in by an asked count too', () => {
    const wide = candidate(5, { device: 'cpu', devices: 2 });
    const own = batch({ threads: 2, candidates: [wide], live: [occupant(0, 'cpu')] });
    const [wait] = decide([own], 4).waits;
    expect(wait?.state.sentence).toBe('Waits for processor cores: 3 free, needs 4.');
    expect(decide([{ ...own, live: [] }], 4).start[0]?.device).toBe('cpu+cpu');
    const asked = batch({ id: 'asked', asked: true, candidates: [candidate(6, { device: 'cpu' })] });
    expect(decide([own, asked], 4).start).toEqual([]);
    expect(decide([batch(), asked], 4).start).toHaveLength(1);
  });

  it('holds up nobody while it lacks a memory that others have', async () => {
    const wide = candidate(5, { device: 'cpu', devices: 2, memoryMb: 8_000 });
    const own = batch({ candidates: [wide, candidate(6, { device: 'cpu' })], live: [occupant(0, 'cpu')] });
    const still = await createStillMachine().sample();
    const machine = {
      ...still,
      memory: { ...still.memory, pressure: 'normal' as const, availableBytes: 2 ** 30 },
    };
    const decision = decideQueue({ batches: [own], cores: 64, machine, now: 0 });
    expect(decision.start.map(({ index }) => index)).toEqual([6]);
    expect(decision.waits[0]?.state.resource).toBe('memory');
  });

  it('waits with the reason where the machine has lost a card, and holds up nobody', () => {
    const own = batch({ cards: 1, candidates: [candidate(5, { devices: 2 }), candidate(6)] });
    const decision = decide([own]);
    expect(decision.waits[0]?.state.sentence).toBe('Needs 2 GPUs, this machine has 1.');
    expect(decision.start.map(({ index }) => index)).toEqual([6]);
  });
});

interface Live extends Occupant {
  readonly batch: string;
  readonly endsAt: number;
}

/** Plays batches to their end; `look` sees what lives after each decision. */
function play(
  batches: QueuedBatch[],
  more: {
    cores: number;
    duration: (index: number) => number;
    look: (live: readonly Live[], now: number) => void;
  },
): Map<number, number> {
  const startedAt = new Map<number, number>();
  let queued = batches;
  let live: Live[] = [];
  let now = 0;
  for (;;) {
    const facts = queued.map((one) => ({ ...one, live: live.filter(({ batch: id }) => id === one.id) }));
    for (const { batch: id, index, device } of decide(facts, more.cores).start) {
      const own = facts.find((one) => one.id === id);
      const next = own?.candidates.find((one) => one.index === index);
      if (!own || !next) throw new Error('It starts what is not queued.');
      const threads = own.threads * splitDevices(device).length;
      const run = occupant(index, device, { gpuLoad: own.gpuLoad, threads, memoryMb: next.memoryMb });
      live.push({ ...run, batch: id, endsAt: now + more.duration(index) });
      startedAt.set(index, now);
    }
    queued = queued.map((one) => ({
      ...one,
      candidates: one.candidates.filter(({ index }) => !startedAt.has(index)),
    }));
    more.look(live, now);
    if (live.length === 0) return startedAt;
    now = Math.min(...live.map(({ endsAt }) => endsAt));
    live = live.filter(({ endsAt }) => endsAt > now);
  }
}

describe('runs of several devices among others', () => {
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('all end and none gets half, seed %d', (seed) => {
    const random = createRandom(seed);
    const pick = (count: number): number => Math.floor(random() * count);
    const cards = 1 + pick(4);
    const cores = 2 + pick(8);
    let index = 0;
    const batches = Array.from({ length: 1 + pick(3) }, (_, at) =>
      batch({
        id: `b${at}`,
        cards,
        workers: 1 + pick(6),
        asked: pick(3) === 0,
        threads: 1 + pick(2),
        gpuLoad: pick(2) === 0 ? 'heavy' : 'light',
        budgetMb: 1_000,
        candidates: Array.from({ length: 5 + pick(20) }, () => {
          index += 1;
          const onCpu = pick(4) === 0;
          const devices = pick(3) === 0 ? 1 + pick(onCpu ? 4 : cards) : 1;
          const device = onCpu ? 'cpu' : `cuda:${devices > 1 && pick(2) === 0 ? 0 : pick(cards)}`;
          const pinned = devices > 1 && device !== 'cuda:0';
          return candidate(index, { device, devices, pinned, memoryMb: 50 + pick(400) });
        }),
      }),
    );
    const wanted = new Map(batches.flatMap(({ candidates }) => candidates.map((one) => [one.index, one])));
    const started = play(batches, {
      cores,
      duration: () => 1 + pick(10),
      look(live) {
        for (const run of live) {
          const own = splitDevices(run.device);
          expect(own).toHaveLength(wanted.get(run.index)?.devices ?? 1);
          if (own[0] !== 'cpu') expect(new Set(own).size).toBe(own.length);
        }
        for (let card = 0; card < cards; card += 1) {
          const sharers = live.filter(({ device }) => splitDevices(device).includes(`cuda:${card}`));
          expect(sharers.length).toBeLessThanOrEqual(DEVICE_SLOTS.light);
          if (
            sharers.some(({ gpuLoad }) => gpuLoad === 'heavy') &&
            sharers.every(({ gpuLoad }) => gpuLoad === 'heavy')
          )
            expect(sharers.length).toBeLessThanOrEqual(DEVICE_SLOTS.heavy);
        }
      },
    });
    expect(started.size).toBe(wanted.size);
  });

  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'a wide one that is first waits for no run that began after it, seed %d',
    (seed) => {
      const random = createRandom(1_000 + seed);
      const pick = (count: number): number => Math.floor(random() * count);
      const cards = 2 + pick(3);
      const narrow = (first: number): Candidate[] =>
        Array.from({ length: 40 }, (_, at) =>
          candidate(first + at, { device: `cuda:${pick(cards)}`, order: first + at }),
        );
      const wide = candidate(500, { devices: 2 + pick(cards - 1), order: 0, notBefore: 0 });
      // Full of short and long runs when it is asked for.
      const ahead = batch({ id: 'a', cards, workers: 30, live: [] });
      let reference = Number.POSITIVE_INFINITY;
      const busy = Array.from({ length: cards * 2 }, (_, at) =>
        candidate(600 + at, { device: `cuda:${at % cards}`, order: -1 }),
      );
      const lengths = new Map<number, number>();
      const duration = (index: number): number => {
        const length = 1 + pick(20);
        lengths.set(index, length);
        return length;
      };
      const started = play(
        [
          { ...ahead, candidates: [...busy, wide, ...narrow(1)] },
          batch({ id: 'young', cards, workers: 30, candidates: narrow(100) }),
        ],
        {
          cores: 1_000,
          duration,
          look(live, now) {
            if (now === 0) reference = Math.max(...live.map(({ endsAt }) => endsAt));
          },
        },
      );
      expect(started.get(500)).toBeGreaterThan(0);
      expect(started.get(500)).toBeLessThanOrEqual(reference);
    },
  );
});
