import type { CallOutput, CallParsed, Handlers } from '../../../shared/contract/contract.ts';
import { expandSuite } from '../../../shared/domain/suite-plan.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import { sha256 } from '../../platform/hash.ts';
import { parseSuite } from '../../workloads/suite-file.ts';
import type { CoreParts } from '../parts.ts';

export function workloadHandlers({
  catalog,
  planner,
}: Pick<CoreParts, 'catalog' | 'planner'>): Pick<Handlers, 'workloads.list' | 'plans.make' | 'suites.check'> {
  return {
    'workloads.list': async () => {
      const { workloads, broken } = await catalog.list();
      return { workloads: workloads.map((workload) => workload.manifest), broken: [...broken] };
    },
    'suites.check': checkSuite,
    'plans.make': (request) => planner.plan(request),
  };
}

/** Experiments that are named; a screen shows no more. */
const NAMED = 200;

function checkSuite({ text, seed }: CallParsed<'suites.check'>): CallOutput<'suites.check'> {
  try {
    const file = parseSuite(text, 'the suite');
    const experiments = file.check(() => expandSuite(file.suite, { seed, hash: sha256 }));
    const shown = experiments.slice(0, NAMED).map(({ label, phase, queue }) => ({ label, phase, queue }));
    return { kind: 'ok', name: file.name, count: experiments.length, experiments: shown };
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'usage')
      return { kind: 'problem', sentence: error.message };
    throw error;
  }
}
