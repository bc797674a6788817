import { statSync } from 'node:fs';
import { extname, isAbsolute } from 'node:path';
import { ExpectedError } from '../../shared/model/error.ts';
import type { PlanCall } from '../../shared/model/plan-call.ts';
import { pathId } from '../platform/hash.ts';
import type { Store } from '../store/store.ts';

/** A suite that pages may use, and the batches it was run as. */
export interface KnownSuite {
  readonly id: string;
  /** Absolute. */
  readonly path: string;
  /** Newest first. */
  readonly batches: readonly { readonly batch: string; readonly createdAt: number }[];
}

/**
 * The suites that a page may name: those that a person has named before, on the command line or in a dialog of this
 * machine. Ids say nothing by themselves; one that is not in the book is refused.
 */
export interface SuiteBook {
  /** Throws ExpectedError('usage') for what can be no suite file. */
  open(path: string): string;
  /** Makes a suite that was named long ago known again; it is not listed by that alone. */
  keep(path: string): string;
  /** What was opened last first, then what was run, newest first. */
  list(): KnownSuite[];
  /** Throws ExpectedError('not-found'). */
  find(id: string): KnownSuite;
  /** The suite that a batch was run as. Throws ExpectedError('not-found'). */
  ofBatch(batch: string): KnownSuite;
  /** The call with the path of its suite. Throws ExpectedError('not-found'). */
  resolve(call: PlanCall): Omit<PlanCall, 'suiteId'>;
}

export function createSuiteBook(store: Pick<Store, 'batches'>): SuiteBook {
  const opened = new Set<string>();
  const kept = new Set<string>();

  function list(): KnownSuite[] {
    const runs = new Map<string, { batch: string; createdAt: number }[]>();
    for (const path of [...opened].toReversed()) runs.set(path, []);
    for (const { id, createdAt, request } of store.batches().toSorted((a, b) => b.createdAt - a.createdAt)) {
      if (request.suite === undefined) continue;
      const known = runs.get(request.suite) ?? [];
      known.push({ batch: id, createdAt });
      runs.set(request.suite, known);
    }
    return [...runs].map(([path, batches]) => ({ id: pathId(path), path, batches }));
  }

  function find(id: string): KnownSuite {
    const found = list().find((suite) => suite.id === id);
    if (found !== undefined) return found;
    const path = [...kept].find((one) => pathId(one) === id);
    if (path !== undefined) return { id, path, batches: [] };
    throw new ExpectedError(
      'not-found',
      'This suite is not open any more: open its file again, or start it with "minibatch run".',
    );
  }

  return {
    open(path) {
      requireSuiteFile(path);
      // Behind the others, so that what was opened last comes first.
      opened.delete(path);
      opened.add(path);
      return pathId(path);
    },
    keep(path) {
      kept.add(path);
      return pathId(path);
    },
    list,
    find,
    ofBatch(batch) {
      const found = list().find(({ batches }) => batches.some((one) => one.batch === batch));
      if (found !== undefined) return found;
      throw new ExpectedError('not-found', `The batch ${batch} did not come from a suite file.`);
    },
    resolve: ({ suiteId, ...request }) =>
      suiteId === undefined ? request : { ...request, suite: find(suiteId).path },
  };
}

function requireSuiteFile(path: string): void {
  const usable =
    isAbsolute(path) &&
    /^\.ya?ml$/i.test(extname(path)) &&
    statSync(path, { throwIfNoEntry: false })?.isFile() === true;
  if (!usable)
    throw new ExpectedError('usage', `${path} is no suite: that is a file whose name ends in .yaml or .yml.`);
}
