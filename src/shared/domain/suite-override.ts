import type { RequestSweep } from '../model/request-sweep.ts';
import {
  type DrawSpec,
  type Suite,
  type SuitePhase,
  SuiteProblem,
  type SuiteSetting,
  type SuiteValue,
  type Sweep,
  type SweepRange,
} from '../model/suite.ts';
import { suggestion } from './nearest.ts';
import { placeholders } from './shell-words.ts';
import { BUILT_IN } from './suite-plan.ts';
import { axisValues, type Values } from './sweep.ts';

export type SuiteSettings = Readonly<Record<string, SuiteSetting>>;

/** A suite, or a phase of one. */
type Part = Pick<Suite, 'parameters' | 'sweep' | 'seeds'>;

/**
 * The suite with parameters set from outside: a value replaces whatever the suite says of it, a list or a range becomes
 * an axis of the grid, a draw one of the random parameters. `sweep` then says what goes together, how often is drawn, and which
 * experiments are written out. Throws SuiteProblem for a name that the suite does not have.
 */
export function overrideSuite(suite: Suite, given: SuiteSettings, sweep: RequestSweep = {}): Suite {
  const known = parameterNames(suite);
  const table = new Set((sweep.list ?? []).flatMap((row) => Object.keys(row)));
  for (const name of [...Object.keys(given), ...(sweep.zip ?? []), ...table]) requireName(name, known);
  let result = suite;
  const { draws } = sweep;
  for (const [name, value] of Object.entries(given)) {
    result = {
      ...setIn(result, { name, value, draws }),
      ...(result.phases && {
        phases: result.phases.map((phase) => setInPhase(phase, { name, value, draws })),
      }),
    };
  }
  return eachPart(result, (part, path) =>
    shaped(part, { sweep, table, path, phased: suite.phases !== undefined }),
  );
}

function requireName(name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  throw new SuiteProblem(
    ['parameters'],
    `there is no parameter "${name}" to set.${suggestion(name, known)} Parameters are ${known.join(', ') || 'none in this suite'}`,
  );
}

/** Changes the suite, and every phase that has a sweep of its own. */
function eachPart(suite: Suite, change: (part: Part, path: readonly PropertyKey[]) => Part): Suite {
  const phases = suite.phases?.map((phase, at) =>
    phase.sweep === undefined ? phase : { ...phase, ...change(phase, ['phases', at, 'sweep']) },
  );
  return { ...suite, ...change(suite, ['sweep']), ...(phases && { phases }) };
}

interface Setting {
  readonly name: string;
  readonly value: SuiteSetting;
  readonly draws: number | undefined;
}

function setIn<P extends Part>(part: P, { name, value, draws }: Setting): P {
  const { sweep } = part;
  const sweeps = isList(value) || isRange(value);
  const random = isDraw(value) ? drawnBeside(sweep, { name, value, draws }) : without(sweep, [name])?.random;
  const { random: _, ...rest } = without(sweep, [name]) ?? { grid: {}, zip: {} };
  const next: Sweep = {
    ...rest,
    grid: { ...rest.grid, ...(sweeps && { [name]: value }) },
    ...(random && { random }),
  };
  const { seeds: __, ...unseeded } = part;
  return {
    ...(name === 'seed' ? (unseeded as P) : part),
    parameters: {
      ...withoutName(part.parameters, [name]),
      ...(isList(value) || isRange(value) || isDraw(value) ? {} : { [name]: value }),
    },
    ...((sweep !== undefined || sweeps || isDraw(value)) && { sweep: next }),
  };
}

/** A phase without a sweep of its own has the suite's, where what varies is set already. */
function setInPhase(phase: SuitePhase, setting: Setting): SuitePhase {
  const { name, value } = setting;
  const fixed = !isList(value) && !isRange(value) && !isDraw(value);
  if (phase.sweep !== undefined || fixed) return setIn(phase, setting);
  return { ...phase, parameters: withoutName(phase.parameters, [name]) };
}

function drawnBeside(
  sweep: Sweep | undefined,
  { name, value, draws }: { name: string; value: DrawSpec; draws: number | undefined },
): NonNullable<Sweep['random']> {
  const before = sweep?.random;
  const count = draws ?? before?.count;
  if (count === undefined)
    throw new SuiteProblem(['sweep', 'random'], `"${name}" is drawn at random; say how often, with "draws"`);
  return {
    ...before,
    count,
    parameters: { ...withoutName(before?.parameters ?? {}, [name]), [name]: value },
  };
}

interface Shape {
  readonly sweep: RequestSweep;
  /** Names of the parameters of the rows that are written out. */
  readonly table: ReadonlySet<string>;
  readonly path: readonly PropertyKey[];
  /** Another part may have what this one lacks. */
  readonly phased: boolean;
}

/** What goes together, how often is drawn, and what is written out. */
function shaped(part: Part, { sweep, table, path, phased }: Shape): Part {
  const listed = sweep.list === undefined ? part : withRows(part, { rows: sweep.list, table, path });
  const own = listed.sweep;
  if (own === undefined) return listed;
  const random = own.random && sweep.draws !== undefined ? { ...own.random, count: sweep.draws } : own.random;
  const together = sweep.zip === undefined ? own : zipped(own, { names: sweep.zip, path, phased });
  return { ...listed, sweep: { ...together, ...(random && { random }) } };
}

function withRows(
  part: Part,
  {
    rows,
    table,
    path,
  }: { rows: readonly Values[]; table: ReadonlySet<string>; path: readonly PropertyKey[] },
): Part {
  const names = [...table];
  const rest = without(part.sweep, names) ?? { grid: {}, zip: {} };
  const left = rest.list?.flatMap((row) => Object.keys(row))[0];
  if (left !== undefined)
    throw new SuiteProblem(
      [...path, 'list'],
      `the suite writes experiments out with "${left}", which the table does not have; give it a column`,
    );
  for (const [at, row] of rows.entries()) {
    const missing = names.find((name) => !(name in row) && !(name in part.parameters));
    if (missing !== undefined)
      throw new SuiteProblem(
        [...path, 'list'],
        `row ${at + 1} of the table leaves "${missing}" empty, and the suite has no value for it`,
      );
  }
  const { seeds: _, ...unseeded } = part;
  return {
    ...(table.has('seed') ? unseeded : part),
    sweep: { ...rest, list: rows.map((row) => ({ ...row })) },
  };
}

function zipped(
  sweep: Sweep,
  { names, path, phased }: { names: readonly string[]; path: readonly PropertyKey[]; phased: boolean },
): Sweep {
  const grid: Sweep['grid'] = { ...sweep.grid };
  const zip: Record<string, SuiteValue[]> = {};
  for (const [name, list] of Object.entries(sweep.zip)) if (!names.includes(name)) grid[name] = list;
  for (const name of names) {
    const axis = sweep.zip[name] ?? sweep.grid[name];
    if (axis === undefined) {
      if (phased) continue;
      throw new SuiteProblem(
        [...path, 'zip'],
        `"${name}" has no list of values that could advance with those of others`,
      );
    }
    zip[name] = axisValues(name, axis, [...path, 'zip', name]);
    delete grid[name];
  }
  return { ...sweep, grid, zip };
}

/** The sweep without some parameters; what then varies nothing any more is left out of the product. */
function without(sweep: Sweep | undefined, names: readonly string[]): Sweep | undefined {
  if (sweep === undefined) return undefined;
  const { list, random, ...rest } = sweep;
  const rows = list?.map((row) => withoutName(row, names));
  const drawn = random && withoutName(random.parameters, names);
  const emptied = (before: number, after: number): boolean => before > 0 && after === 0;
  return {
    ...rest,
    grid: withoutName(rest.grid, names),
    zip: withoutName(rest.zip, names),
    ...(rows &&
      !emptied(
        list?.flatMap((row) => Object.keys(row)).length ?? 0,
        rows.flatMap((row) => Object.keys(row)).length,
      ) && { list: rows }),
    ...(random && drawn && Object.keys(drawn).length > 0 && { random: { ...random, parameters: drawn } }),
  };
}

function withoutName<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !names.includes(key)));
}

export function isList(value: SuiteSetting): value is Extract<SuiteSetting, unknown[]> {
  return Array.isArray(value);
}

export function isRange(value: SuiteSetting): value is SweepRange {
  return typeof value === 'object' && value !== null && 'from' in value;
}

export function isDraw(value: SuiteSetting): value is DrawSpec {
  return typeof value === 'object' && value !== null && !isList(value) && !isRange(value);
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
