import type { MachineSettings } from '../../shared/model/machine-settings.ts';
import { type PlanRequest, planRequest } from '../../shared/model/plan.ts';
import type { PlanCall } from '../../shared/model/plan-call.ts';
import type { Catalog } from '../workloads/catalog.ts';
import type { SuiteBook } from './suite-book.ts';

/** What was asked for across a door, as the planner takes it. */
export interface AskedPlans {
  /**
   * The request with the path of its suite, and with the machine settings of its own preset where nothing was said.
   * Throws ExpectedError like the suite book and the catalog.
   */
  resolve(call: PlanCall): Promise<PlanRequest>;
}

export function createAskedPlans(catalog: Pick<Catalog, 'resolve'>, suites: SuiteBook): AskedPlans {
  async function settingsOf(asked: Omit<PlanCall, 'suiteId'>): Promise<MachineSettings> {
    if (!asked.presetMachine || asked.suite !== undefined) return {};
    return (await catalog.resolve(asked)).preset.own?.machine ?? {};
  }

  return {
    async resolve(call) {
      const asked = suites.resolve(call);
      const settings = await settingsOf(asked);
      const { presetMachine: _, ...said } = Object.fromEntries(
        Object.entries(asked).filter(([, value]) => value !== undefined),
      );
      return planRequest.parse({ ...settings, ...said });
    },
  };
}
