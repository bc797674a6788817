import type { PlanRequest } from '../../shared/model/plan.ts';
import type { Connection } from '../connect.ts';
import { type LaunchForm, formOf, readForm, startForm } from '../state/launch-form.ts';
import { loaded, nothingYet, refused } from '../state/loadable.ts';
import { batchRoute, hashOf } from '../state/route.ts';
import type { AppStore } from '../state/store.ts';
import { attempt, sentenceOf } from './attempt.ts';

/** Typing pauses this long, in milliseconds, before a plan is asked for. */
const PLAN_DEBOUNCE = 220;

export interface LaunchActions {
  /** Manifests, and the form that the address asks for. */
  loadWorkloads(workload: string | null, preset: string | null): Promise<void>;
  /** Manifests only, if they are not here yet: for screens that name columns and formats after them. */
  ensureWorkloads(): Promise<void>;
  choosePreset(workload: string, preset: string): void;
  changeForm(change: Partial<LaunchForm>): void;
  changeOption(name: string, text: string): void;
  /** Asks for the plan of the form as it stands, soon. */
  refreshPlan(): void;
  /** What each preset of a workload would cost with its own defaults. */
  loadPresetPlans(workload: string): Promise<void>;
  startBatch(): Promise<void>;
  /** Opens the launch screen with an earlier batch's request. */
  cloneRequest(request: PlanRequest): Promise<void>;
}

/** Only the newest plan asked for is shown; a slower, older answer is dropped. */
export function launchActions(store: AppStore, connection: Connection): LaunchActions {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;

  function manifestOf(workload: string) {
    return store.getState().workloads.value?.workloads.find((candidate) => candidate.name === workload);
  }

  async function makePlan(): Promise<void> {
    const { form } = store.getState();
    const manifest = form && manifestOf(form.workload);
    if (!form || !manifest) return;
    const reading = readForm(form, manifest);
    if (reading.kind === 'problems') return;
    const mine = latest;
    try {
      const plan = await connection.call('plans.make', reading.request);
      if (mine === latest) store.getState().planArrived(plan);
    } catch (error) {
      if (mine === latest) store.getState().planRefused(sentenceOf(error));
    }
  }

  function refreshPlan(): void {
    // From the first key press on the plan shown is the old one, and nothing can be started with it.
    latest += 1;
    store.getState().planLoading();
    clearTimeout(timer);
    timer = setTimeout(() => void makePlan(), PLAN_DEBOUNCE);
  }

  async function fetchWorkloads(): Promise<void> {
    store.getState().workloadsLoading();
    try {
      store.getState().workloadsArrived(await connection.call('workloads.list', {}));
    } catch (error) {
      store.getState().workloadsRefused(sentenceOf(error));
    }
  }

  return {
    async loadWorkloads(workload, preset) {
      await fetchWorkloads();
      const { workloads, form } = store.getState();
      const all = workloads.value?.workloads ?? [];
      const manifest = all.find((candidate) => candidate.name === (workload ?? form?.workload)) ?? all[0];
      if (!manifest) return;
      const known = manifest.presets.find((candidate) => candidate.name === preset) ?? manifest.presets[0];
      const same = form?.workload === manifest.name && (preset === null || preset === form.preset);
      if (!same) store.getState().formReplaced(startForm(manifest, known?.name ?? '', form));
      refreshPlan();
    },
    async ensureWorkloads() {
      const { workloads } = store.getState();
      if (workloads.value === null && !workloads.busy) await fetchWorkloads();
    },
    choosePreset(workload, preset) {
      store.getState().presetChosen(workload, preset);
      refreshPlan();
    },
    changeForm(change) {
      store.getState().formChanged(change);
      refreshPlan();
    },
    changeOption(name, text) {
      store.getState().optionChanged(name, text);
      refreshPlan();
    },
    refreshPlan,
    async loadPresetPlans(workload) {
      for (const preset of manifestOf(workload)?.presets ?? []) {
        const key = `${workload}/${preset.name}`;
        if (store.getState().presetPlans[key] !== undefined) continue;
        try {
          const plan = await connection.call('plans.make', { workload, preset: preset.name });
          store.getState().presetPlanArrived(key, loaded(plan));
        } catch (error) {
          store.getState().presetPlanArrived(key, refused(nothingYet, sentenceOf(error)));
        }
      }
    },
    startBatch: () =>
      attempt(store, async () => {
        const { form, starting } = store.getState();
        const manifest = form && manifestOf(form.workload);
        if (!form || !manifest || starting) return;
        const reading = readForm(form, manifest);
        if (reading.kind === 'problems') return;
        store.getState().startingChanged(true);
        try {
          const { batch } = await connection.call('batches.start', reading.request);
          store.getState().presetPlansForgotten();
          location.hash = hashOf(batchRoute(batch));
        } finally {
          store.getState().startingChanged(false);
        }
      }),
    async cloneRequest(request) {
      if (store.getState().workloads.value === null) await fetchWorkloads();
      const manifest = manifestOf(request.workload);
      if (!manifest) {
        store.getState().noticed('error', `The workload ${request.workload} is not installed any more.`);
        return;
      }
      store.getState().formReplaced(formOf(manifest, request));
      location.hash = hashOf({ screen: 'launch', workload: request.workload, preset: request.preset });
      refreshPlan();
    },
  };
}
