import { type Suite, type SuitePhase, SuiteProblem, type SuiteValue } from '../model/suite.ts';
import { suggestion } from './nearest.ts';
import { placeholders } from './shell-words.ts';
import { BUILT_IN } from './suite-plan.ts';
import type { Values } from './sweep.ts';

/**
 * The suite with parameters set from outside: a value replaces whatever the suite says of it, a list becomes an axis
 * of the grid. Throws SuiteProblem for a name that the suite does not have.
 */
export function overrideSuite(suite: Suite, given: Values): Suite {
  let result = suite;
  const known = parameterNames(suite);
  for (const [name, value] of Object.entries(given)) {
    if (!known.includes(name)) {
      throw new SuiteProblem(
        ['parameters'],
        `there is no parameter "${name}" to set.${suggestion(name, known)} Parameters are ${known.join(', ') || 'none in this suite'}`,
      );
    }
    result = {
      ...setIn(result, name, value),
      ...(result.phases && { phases: result.phases.map((phase) => setInPhase(phase, name, value)) }),
    };
  }
  return result;
}

function setIn<P extends Pick<Suite, 'parameters' | 'sweep' | 'seeds'>>(
  part: P,
  name: string,
  value: SuiteValue,
): P {
  const without = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  const { sweep } = part;
  const grid = Array.isArray(value) ? { [name]: value } : {};
  const cleaned = {
    grid: { ...without(sweep?.grid ?? {}), ...grid },
    zip: without(sweep?.zip ?? {}),
    ...(sweep?.list && { list: sweep.list.map(without) }),
    ...(sweep?.random && { random: { ...sweep.random, parameters: without(sweep.random.parameters) } }),
  };
  const { seeds: _, ...rest } = part;
  return {
    ...(name === 'seed' ? (rest as P) : part),
    parameters: { ...without(part.parameters), ...(Array.isArray(value) ? {} : { [name]: value }) },
    ...((sweep !== undefined || Array.isArray(value)) && { sweep: cleaned }),
  };
}

/** A phase without a sweep of its own has the suite's, where a list is set already. */
function setInPhase(phase: SuitePhase, name: string, value: SuiteValue): SuitePhase {
  if (phase.sweep !== undefined || !Array.isArray(value)) return setIn(phase, name, value);
  const { [name]: _, ...parameters } = phase.parameters;
  return { ...phase, parameters };
}

/** Everything of a suite that can be set from outside. */
export function parameterNames(suite: Suite): string[] {
  const parts = [suite, ...(suite.phases ?? [])];
  const names = parts.flatMap((part) => [
    ...Object.keys(part.parameters),
    ...Object.keys(part.sweep?.grid ?? {}),
    ...Object.keys(part.sweep?.zip ?? {}),
    ...(part.sweep?.list ?? []).flatMap((values) => Object.keys(values)),
    ...Object.keys(part.sweep?.random?.parameters ?? {}),
  ]);
  const commands = parts.flatMap(({ command }) =>
    typeof command === 'string' ? [command] : (command ?? []),
  );
  const named = commands.flatMap(placeholders).filter((name) => name === 'seed' || !isBuiltIn(name));
  const seeded = parts.some((part) => part.seeds !== undefined) ? ['seed'] : [];
  return [...new Set([...names, ...named, ...seeded])];
}

function isBuiltIn(name: string): boolean {
  return (BUILT_IN as readonly string[]).includes(name);
}
