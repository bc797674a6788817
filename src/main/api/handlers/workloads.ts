import type { Handlers } from '../../../shared/contract/contract.ts';
import type { CoreParts } from '../parts.ts';
import type { SuiteBook } from '../suite-book.ts';

export function workloadHandlers(
  { catalog, planner, scheduler }: Pick<CoreParts, 'catalog' | 'planner' | 'scheduler'>,
  suites: SuiteBook,
): Pick<Handlers, 'workloads.list' | 'plans.make' | 'plans.commands'> {
  return {
    'workloads.list': async () => {
      const { workloads, broken } = await catalog.list();
      return { workloads: workloads.map((workload) => workload.manifest), broken: [...broken] };
    },
    'plans.make': async (request) => planner.plan(suites.resolve(request)),
    'plans.commands': async ({ indices, ...request }) => {
      const plan = await planner.plan(suites.resolve(request));
      return { commands: [...(await scheduler.preview(plan, indices))] };
    },
  };
}
