import type { CallOutput } from '../../shared/contract/contract.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Update } from './update.ts';
import { type LaunchForm, startForm } from './launch-form.ts';
import { type Loadable, loaded, loading, nothingYet, refused } from './loadable.ts';

export type WorkloadList = CallOutput<'workloads.list'>;

export interface LaunchSlice {
  readonly workloads: Loadable<WorkloadList>;
  readonly form: LaunchForm | null;
  readonly plan: Loadable<Plan>;
  /** There is no plan because no Python can train. */
  readonly pythonMissing: boolean;
  /** Plan of each preset with its own defaults, by `workload/preset`: what a card says. */
  readonly presetPlans: Readonly<Record<string, Loadable<Plan>>>;
  readonly starting: boolean;
  workloadsLoading(): void;
  workloadsArrived(list: WorkloadList): void;
  workloadsRefused(problem: string): void;
  formChanged(change: Partial<LaunchForm>): void;
  optionChanged(name: string, text: string): void;
  presetChosen(workload: string, preset: string): void;
  formReplaced(form: LaunchForm): void;
  planLoading(): void;
  planArrived(plan: Plan): void;
  planRefused(problem: string, pythonMissing?: boolean): void;
  presetPlanArrived(key: string, plan: Loadable<Plan>): void;
  presetPlansForgotten(): void;
  startingChanged(starting: boolean): void;
}

export function launchSlice(set: Update<LaunchSlice>): LaunchSlice {
  return {
    workloads: nothingYet,
    form: null,
    plan: nothingYet,
    pythonMissing: false,
    presetPlans: {},
    starting: false,
    workloadsLoading: () => set((state) => ({ workloads: loading(state.workloads) })),
    workloadsArrived: (list) => set({ workloads: loaded(list) }),
    workloadsRefused: (problem) => set((state) => ({ workloads: refused(state.workloads, problem) })),
    formChanged: (change) => set((state) => (state.form ? { form: { ...state.form, ...change } } : {})),
    optionChanged: (name, text) =>
      set((state) =>
        state.form ? { form: { ...state.form, options: { ...state.form.options, [name]: text } } } : {},
      ),
    presetChosen: (workload, preset) =>
      set((state) => {
        const manifest = state.workloads.value?.workloads.find((candidate) => candidate.name === workload);
        return manifest ? { form: startForm(manifest, preset, state.form) } : {};
      }),
    formReplaced: (form) => set({ form }),
    planLoading: () => set((state) => ({ plan: loading(state.plan) })),
    planArrived: (plan) => set({ plan: loaded(plan), pythonMissing: false }),
    planRefused: (problem, pythonMissing = false) =>
      set((state) => ({ plan: refused(state.plan, problem), pythonMissing })),
    presetPlanArrived: (key, plan) =>
      set((state) => ({ presetPlans: { ...state.presetPlans, [key]: plan } })),
    presetPlansForgotten: () => set({ presetPlans: {} }),
    startingChanged: (starting) => set({ starting }),
  };
}
