import type { Phase } from '../model/experiment.ts';
import { suggestion } from './nearest.ts';

/** Phases that a plan tells one by one. */
const MOST_TOLD = 8;

/** A phase as it was written down; `needs` may be left out. */
export interface WrittenPhase {
  readonly name: string;
  readonly needs?: readonly string[] | undefined;
}

export type OrderedPhases =
  | { readonly kind: 'ok'; readonly phases: readonly Phase[] }
  /** A sentence without its full stop, and where in the list the mistake is. */
  | { readonly kind: 'problem'; readonly path: readonly PropertyKey[]; readonly sentence: string };

/** Where no phase says what it needs, each needs the one before it; otherwise one that says nothing needs nothing. */
export function statedNeeds(phases: readonly WrittenPhase[]): Phase[] {
  const linear = phases.every(({ needs }) => needs === undefined);
  return phases.map(({ name, needs }, at) => {
    const before = phases[at - 1];
    return { name, needs: linear ? (before === undefined ? [] : [before.name]) : [...(needs ?? [])] };
  });
}

/** The phases with those first that others need, otherwise as they were written. */
export function orderPhases(written: readonly WrittenPhase[]): OrderedPhases {
  const phases = statedNeeds(written);
  const positions = new Map<string, number>();
  for (const [at, { name }] of phases.entries()) {
    if (positions.has(name)) return problem([at, 'name'], `there are two phases called "${name}"`);
    positions.set(name, at);
  }
  for (const [at, { name, needs }] of phases.entries()) {
    const missing = needs.findIndex((need) => !positions.has(need));
    if (missing < 0) continue;
    const need = needs[missing] ?? '';
    const hint = suggestion(need, [...positions.keys()]).replace(/\.$/, '');
    const dot = hint === '' ? '' : '.';
    return problem(
      [at, 'needs', missing],
      `the phase "${name}" needs "${need}", which is no phase${dot}${hint}`,
    );
  }
  const ordered = new Set<Phase>();
  const open: Phase[] = [];
  /** The phases that wait for each other; null = there are none. */
  function visit(phase: Phase): readonly Phase[] | null {
    if (ordered.has(phase)) return null;
    if (open.includes(phase)) return open.slice(open.indexOf(phase));
    open.push(phase);
    for (const need of phase.needs) {
      const needed = phases[positions.get(need) ?? -1];
      const ring = needed === undefined ? null : visit(needed);
      if (ring !== null) return ring;
    }
    open.pop();
    ordered.add(phase);
    return null;
  }
  for (const phase of phases) {
    const ring = visit(phase);
    if (ring === null) continue;
    const names = [...ring, ...ring.slice(0, 1)].map(({ name }) => `"${name}"`);
    const at = positions.get(ring[0]?.name ?? '') ?? 0;
    return problem([at, 'needs'], `the phases wait for each other: ${names.join(' needs ')}`);
  }
  return { kind: 'ok', phases: [...ordered] };
}

/**
 * For each phase the phases that it still has to wait for, empty = it may begin. `phases` stand in an order that their
 * needs allow; `isOpen` tells of one whether something in it is still to be done. A needed phase without anything to
 * do stands for those that it needs itself.
 */
export function phasesAhead(
  phases: readonly Phase[],
  isOpen: (name: string) => boolean,
): ReadonlyMap<string, readonly string[]> {
  const ahead = new Map<string, readonly string[]>();
  for (const { name, needs } of phases) {
    const found = needs.flatMap((need) => (isOpen(need) ? [need] : (ahead.get(need) ?? [])));
    ahead.set(name, [...new Set(found)]);
  }
  return ahead;
}

/** The phases of a plan, also of one that was made when all of them ran one after the other. */
export function phasesOf(plan: {
  readonly phases?: readonly Phase[] | undefined;
  readonly experiments: readonly { readonly phase: string }[];
}): readonly Phase[] {
  if (plan.phases !== undefined) return plan.phases;
  const names = new Set(plan.experiments.map(({ phase }) => phase));
  return statedNeeds([...names].map((name) => ({ name })));
}

/** Which phases wait for which, for people. Many are told as a number. */
export function phaseNotes(phases: readonly Phase[]): string[] {
  const waiting = phases.filter(({ needs }) => needs.length > 0);
  if (waiting.length > MOST_TOLD) return [`${waiting.length} of ${phases.length} phases wait for others.`];
  return waiting.map(
    ({ name, needs }) =>
      `Phase ${name} begins when ${listed(needs)} ${needs.length === 1 ? 'is' : 'are'} done.`,
  );
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function problem(path: readonly PropertyKey[], sentence: string): OrderedPhases {
  return { kind: 'problem', path, sentence };
}
