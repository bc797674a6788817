import { existsSync } from 'node:fs';
import type { Handlers } from '../../../shared/contract/contract.ts';
import type { Manifest, PresetSpec } from '../../../shared/model/workload.ts';
import type { AskedPlans } from '../asked-plans.ts';
import type { CoreParts } from '../parts.ts';
import type { SuiteBook } from '../suite-book.ts';

interface Asking {
  readonly asked: AskedPlans;
  readonly suites: SuiteBook;
}

export function workloadHandlers(
  { catalog, planner, scheduler }: Pick<CoreParts, 'catalog' | 'planner' | 'scheduler'>,
  { asked, suites }: Asking,
): Pick<Handlers, 'workloads.list' | 'plans.make' | 'plans.commands'> {
  return {
    'workloads.list': async () => {
      const { workloads, broken, brokenPresets } = await catalog.list();
      return {
        workloads: workloads.map(({ manifest }) => withSuiteIds(manifest, suites)),
        broken: [...broken],
        brokenPresets: [...brokenPresets],
      };
    },
    'plans.make': async (request) => planner.plan(await asked.resolve(request)),
    'plans.commands': async ({ indices, ...request }) => {
      const plan = await planner.plan(await asked.resolve(request));
      return { commands: [...(await scheduler.preview(plan, indices))] };
    },
  };
}

/** A suite that a person has saved a preset of was named by that person: a page may ask for it. */
function withSuiteIds(manifest: Manifest, suites: SuiteBook): Manifest {
  return {
    ...manifest,
    presets: manifest.presets.map((preset): PresetSpec => {
      const { own, suite } = preset;
      if (own === undefined || suite === undefined || !suite.startsWith('/') || !existsSync(suite))
        return preset;
      return { ...preset, own: { ...own, suiteId: suites.keep(suite) } };
    }),
  };
}
