import type { BatchRecord } from '../../shared/model/batch.ts';
import type { LaunchPreview } from '../../shared/model/launch-preview.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { PlanCallInput } from '../../shared/model/plan-call.ts';
import type { SuiteEntry } from '../../shared/model/suite-entry.ts';
import type { Manifest, PresetSpec } from '../../shared/model/workload.ts';
import type { Connection } from '../connect.ts';
import {
  type ClonedExperiment,
  experimentForm,
  type LaunchForm,
  formOf,
  presetOf,
  readForm,
  startForm,
  suiteForm,
} from '../state/launch-form.ts';
import { loaded, loading, nothingYet, refused } from '../state/loadable.ts';
import { batchRoute, hashOf, SUITE_WORKLOAD, suiteRoute } from '../state/route.ts';
import type { AppStore } from '../state/store.ts';
import { attempt, isPythonMissing, sentenceOf } from './attempt.ts';

/** Typing pauses this long, in milliseconds, before a plan is asked for. */
const PLAN_DEBOUNCE = 220;

/** What an address says of the launch screen. */
export interface LaunchChoice {
  readonly workload: string | null;
  readonly preset: string | null;
  /** Id of a suite. */
  readonly suite: string | null;
}

export interface LaunchActions {
  /** Manifests, and the form that the address asks for. */
  loadWorkloads(choice: LaunchChoice): Promise<void>;
  /** Manifests only, if they are not here yet: for screens that name columns and formats after them. */
  ensureWorkloads(): Promise<void>;
  choosePreset(workload: string, preset: string): void;
  changeForm(change: Partial<LaunchForm>): void;
  changeOption(name: string, text: string): void;
  /** Asks for the plan of the form as it stands, soon. */
  refreshPlan(): void;
  /** What each preset of a workload would cost with its own defaults. */
  loadPresetPlans(workload: string): Promise<void>;
  /** The same for suites that can be planned. */
  loadSuitePlans(suites: readonly SuiteEntry[]): Promise<void>;
  /** What would be started for one experiment of the form's plan; null = the form has problems. */
  previewCommand(
    index: number,
  ): Promise<{ readonly preview: LaunchPreview } | { readonly problem: string } | null>;
  /** `only`: nothing but these experiments of the plan. */
  startBatch(only?: readonly number[]): Promise<void>;
  /** Opens the launch screen with what an earlier batch was asked for. */
  cloneBatch(batch: Pick<BatchRecord, 'id' | 'request'>): Promise<void>;
  /** The same with the parameters of one of its experiments only. */
  cloneExperiment(batch: Pick<BatchRecord, 'id' | 'request'>, experiment: ClonedExperiment): Promise<void>;
}

/** Only the newest plan asked for is shown; a slower, older answer is dropped. */
export function launchActions(store: AppStore, connection: Connection): LaunchActions {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  let choices = 0;

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
      if (mine === latest) store.getState().planRefused(sentenceOf(error), isPythonMissing(error));
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

  /** False = what the cards say was forgotten meanwhile, and with it this answer. */
  async function loadCardPlan(key: string, request: PlanCallInput): Promise<boolean> {
    if (store.getState().presetPlans[key] !== undefined) return true;
    const mine = loading<Plan>(nothingYet);
    store.getState().presetPlanArrived(key, mine);
    const answer = await connection.call('plans.make', request).then(
      (plan) => loaded(plan),
      (error: unknown) =>
        refused<Plan>(nothingYet, isPythonMissing(error) ? 'No Python can train yet.' : sentenceOf(error)),
    );
    if (store.getState().presetPlans[key] !== mine) return false;
    store.getState().presetPlanArrived(key, answer);
    return true;
  }

  /** The suite with its text as it is now, for the form; false = it is not known any more, and a notice says so. */
  async function takeSuite(manifest: Manifest, id: string, own?: PresetSpec): Promise<boolean> {
    try {
      const suite = await connection.call('suites.get', { suite: id });
      const { form } = store.getState();
      store.getState().suiteArrived(suite);
      store.getState().formReplaced(suiteForm(manifest, suite, { before: form, own }));
      refreshPlan();
      return true;
    } catch (error) {
      store.getState().noticed('error', sentenceOf(error));
      return false;
    }
  }

  async function clone(
    { id: batch, request }: Pick<BatchRecord, 'id' | 'request'>,
    experiment: ClonedExperiment | null,
  ): Promise<void> {
    if (store.getState().workloads.value === null) await fetchWorkloads();
    const manifest = manifestOf(request.workload);
    if (!manifest) {
      store.getState().noticed('error', `The workload ${request.workload} is not installed any more.`);
      return;
    }
    await attempt(store, async () => {
      const suite = request.suite === undefined ? null : await connection.call('suites.get', { batch });
      const form =
        experiment === null
          ? formOf(manifest, request, suite)
          : experimentForm(manifest, { request, suite, experiment });
      if (suite) store.getState().suiteArrived(suite);
      store.getState().formReplaced(form);
      location.hash = hashOf(
        suite ? suiteRoute(suite.id) : { screen: 'launch', workload: request.workload, preset: form.preset },
      );
      if (!suite) refreshPlan();
    });
  }

  return {
    async loadWorkloads({ workload, preset, suite }) {
      choices += 1;
      const mine = choices;
      await fetchWorkloads();
      // Another choice was made since: this one would put its form in the place of that one's.
      if (mine !== choices) return;
      const { workloads, form } = store.getState();
      const all = workloads.value?.workloads ?? [];
      const manifest = all.find((candidate) => candidate.name === (workload ?? form?.workload)) ?? all[0];
      if (!manifest) return;
      if (suite !== null && (await takeSuite(manifest, suite))) return;
      const known = presetOf(manifest, preset ?? undefined) ?? manifest.presets[0];
      if (known?.own?.suiteId && (await takeSuite(manifest, known.own.suiteId, known))) return;
      const same = form?.workload === manifest.name && (preset === null || preset === form.preset);
      if (!same) store.getState().formReplaced(startForm(manifest, known?.name ?? '', form));
      refreshPlan();
    },
    async ensureWorkloads() {
      const { workloads } = store.getState();
      if (workloads.value === null && !workloads.busy) await fetchWorkloads();
    },
    choosePreset(workload, preset) {
      const manifest = manifestOf(workload);
      const spec = manifest && presetOf(manifest, preset);
      if (manifest && spec?.own?.suiteId) {
        void takeSuite(manifest, spec.own.suiteId, spec);
        return;
      }
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
      for (const { name } of manifestOf(workload)?.presets ?? [])
        if (!(await loadCardPlan(`${workload}/${name}`, { workload, preset: name }))) return;
    },
    async loadSuitePlans(suites) {
      const request = { workload: SUITE_WORKLOAD, preset: 'suite' };
      for (const { id, check } of suites)
        if (check.kind === 'ok' && !(await loadCardPlan(suiteKey(id), { ...request, suiteId: id }))) return;
    },
    async previewCommand(index) {
      const { form } = store.getState();
      const manifest = form && manifestOf(form.workload);
      const reading = form && manifest ? readForm(form, manifest) : null;
      if (reading?.kind !== 'request') return null;
      try {
        const call = { ...reading.request, indices: [index] };
        const [preview] = (await connection.call('plans.commands', call)).commands;
        return preview ? { preview } : null;
      } catch (error) {
        return { problem: sentenceOf(error) };
      }
    },
    startBatch: (only) =>
      attempt(store, async () => {
        const { form, starting } = store.getState();
        const manifest = form && manifestOf(form.workload);
        if (!form || !manifest || starting) return;
        const reading = readForm(form, manifest);
        if (reading.kind === 'problems') return;
        store.getState().startingChanged(true);
        try {
          const { batch } = await connection.call('batches.start', {
            ...reading.request,
            ...(only ? { only: [...only] } : {}),
          });
          store.getState().presetPlansForgotten();
          location.hash = hashOf(batchRoute(batch));
        } finally {
          store.getState().startingChanged(false);
        }
      }),
    cloneBatch: (batch) => clone(batch, null),
    cloneExperiment: (batch, experiment) => clone(batch, experiment),
  };
}

/** Where a suite's cost is kept among those of the presets. */
export function suiteKey(id: string): string {
  return `suite ${id}`;
}
