import { type Candidate, findInterpreters, type SearchOptions } from './candidates.ts';
import { type Choice, chooseInterpreter } from './choose.ts';
import { probeInterpreter, type ProbeOptions } from './probe.ts';
import type { Interpreter, InterpreterProbe } from '../../shared/model/python.ts';
import { isModest } from './judge.ts';

export type PythonOptions = SearchOptions & ProbeOptions;

/** At most this many interpreters are started at once: each imports torch, which takes memory and a core. */
const AT_ONCE = 2;

/** Every interpreter of this machine, probed, in the order of preference. */
export async function listInterpreters(options: PythonOptions): Promise<Interpreter[]> {
  const candidates = await findInterpreters(options);
  const found: (Interpreter | undefined)[] = [];
  const queue = candidates.entries();
  const work = async (): Promise<void> => {
    for (const [index, candidate] of queue) found[index] = await probeInterpreter(candidate, options);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return withoutDoubles(found.filter((one) => one !== undefined));
}

/** The interpreter to use. Looks no further than the first usable one, so it is fast once that is known. */
export async function findPython(options: PythonOptions): Promise<Choice> {
  const seen: Interpreter[] = [];
  for (const candidate of await candidatesOf(options)) {
    const interpreter = await probeInterpreter(candidate, options);
    seen.push(interpreter);
    if (interpreter.probe.kind === 'usable') break;
  }
  return chooseInterpreter(withoutDoubles(seen));
}

/** The first interpreter that has these modules, able to train or not; null = none. */
export async function findModestPython(
  options: PythonOptions,
  needs: readonly string[],
): Promise<{ path: string; facts: InterpreterProbe } | null> {
  for (const candidate of await candidatesOf(options)) {
    const { path, probe } = await probeInterpreter(candidate, options);
    if (probe.facts && isModest(probe.facts) && needs.every((name) => name in (probe.facts?.modules ?? {})))
      return { path, facts: probe.facts };
  }
  return null;
}

async function candidatesOf(options: PythonOptions): Promise<Candidate[]> {
  const all = await findInterpreters(options);
  if (options.given !== undefined) return all.filter(({ origin }) => origin === 'given');
  return options.chosen === undefined ? all : all.filter(({ origin }) => origin === 'chosen');
}

/** Wrapper scripts hide that two names lead to one environment until its prefix is known. */
function withoutDoubles(interpreters: readonly Interpreter[]): Interpreter[] {
  const keys = interpreters.map(({ path, probe }) =>
    probe.facts ? `${probe.facts.prefix} ${probe.facts.version}` : path,
  );
  return interpreters.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}
