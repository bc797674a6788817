import { formatClock, formatMoment } from './format.ts';
import { phasesAhead } from './phases.ts';
import type { Candidate, QueuedBatch, QueueFacts, Waiting } from './queue-model.ts';
import { Room, waiting } from './queue-room.ts';

/** Phases named in a sentence; a number stands for the others. */
const NAMED_PHASES = 3;
/** Seconds; what begins later than that is told with its date. */
const FAR_AHEAD = 12 * 3600;

export interface QueueDecision {
  readonly start: readonly { readonly batch: string; readonly index: number; readonly device: string }[];
  /** Experiments that a limit other than the worker count holds back. The others stay plainly queued. */
  readonly waits: readonly { readonly batch: string; readonly index: number; readonly state: Waiting }[];
  /** Free workers per batch after the starts, for work that is prepared ahead of need. */
  readonly free: ReadonlyMap<string, number>;
}

/**
 * What to start now and what waits for what. Longest first within a phase is the order the plan gave. A phase is done
 * when nothing of it is queued or lives: what failed, was cancelled or was put off holds up nobody. A run of several
 * devices that waits for others to end keeps its place: what comes behind it starts only beside what it will take, or it
 * would never find them free at once.
 */
export function decideQueue(facts: QueueFacts): QueueDecision {
  const start: QueueDecision['start'][number][] = [];
  const waits: QueueDecision['waits'][number][] = [];
  const free = new Map<string, number>();
  const room = new Room(facts);
  const twins = new Twins(facts.batches);
  for (const batch of facts.batches) {
    if (!batch.admits) continue;
    const gate = phaseGate(batch);
    let workers = batch.workers - batch.live.length;
    for (const candidate of batch.candidates.toSorted((a, b) => a.order - b.order)) {
      const wait =
        twins.claim(candidate, batch) ?? gate.get(candidate.phase) ?? retryWait(candidate, facts.now);
      if (wait) {
        waits.push({ batch: batch.id, index: candidate.index, state: wait });
        continue;
      }
      if (workers <= 0) continue;
      const found = room.find(candidate, batch);
      if (found.kind === 'wait') {
        waits.push({ batch: batch.id, index: candidate.index, state: found.state });
        // Its worker is kept too, or it would lack one when its devices are free.
        if (room.keep(candidate, batch)) workers -= 1;
        continue;
      }
      room.take(candidate, batch, found.device);
      start.push({ batch: batch.id, index: candidate.index, device: found.device });
      workers -= 1;
    }
    free.set(batch.id, workers);
  }
  return { start, waits, free };
}

/** What the experiments of a phase wait for; phases that may begin are left out. */
function phaseGate({ phases, candidates, live }: QueuedBatch): ReadonlyMap<string, Waiting> {
  const open = new Set([...candidates, ...live].map(({ phase }) => phase));
  const gate = new Map<string, Waiting>();
  for (const [phase, ahead] of phasesAhead(phases, (name) => open.has(name)))
    if (ahead.length > 0) gate.set(phase, waiting('phase', phaseSentence(ahead)));
  return gate;
}

function phaseSentence(ahead: readonly string[]): string {
  const shown = ahead.slice(0, ahead.length > NAMED_PHASES ? NAMED_PHASES - 1 : NAMED_PHASES);
  const names = shown.map((name) => `"${name}"`);
  if (shown.length < ahead.length) names.push(`${ahead.length - shown.length} more`);
  if (names.length === 1) return `Waits until the phase ${names[0]} is done.`;
  return `Waits until the phases ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are done.`;
}

function retryWait({ notBefore = 0 }: Candidate, now: number): Waiting | undefined {
  if (notBefore <= now) return undefined;
  const moment = notBefore - now < FAR_AHEAD ? formatClock(notBefore) : formatMoment(notBefore);
  return waiting('retry', `Failed; waits until ${moment} before it is tried again.`);
}

/**
 * Experiments of the same identity are not trained twice at the same time: the one that lives, or that is queued in the
 * older batch, goes first. The other waits, and is then skipped if there is a result, or run if there is none.
 */
class Twins {
  readonly #owners = new Map<string, string>();

  constructor(batches: readonly QueuedBatch[]) {
    for (const { id, live } of batches) for (const { identity } of live) this.#owners.set(identity, id);
  }

  /** Undefined: the candidate may run as far as others are concerned, and later ones of its identity wait for it. */
  claim({ identity }: Candidate, batch: QueuedBatch): Waiting | undefined {
    const owner = this.#owners.get(identity);
    if (owner !== undefined) {
      const where = owner === batch.id ? 'this batch' : `the batch ${owner}`;
      return waiting('twin', `Waits for the same experiment in ${where}, so that it is not trained twice.`);
    }
    this.#owners.set(identity, batch.id);
    return undefined;
  }
}
