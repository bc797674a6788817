import { resolve } from 'node:path';
import { resolveDevice } from '../../shared/domain/device.ts';
import { type DeviceStock, grantDevices, measuredDevice } from '../../shared/domain/device-set.ts';
import { anyMeasured, type FormulaEstimate, refineEstimates } from '../../shared/domain/estimate.ts';
import { identityOf, seedOf } from '../../shared/domain/identity.ts';
import { checkOptions, resolveOptions } from '../../shared/domain/option-values.ts';
import { statedNeeds } from '../../shared/domain/phases.ts';
import { buildPlan, isSelected } from '../../shared/domain/plan.ts';
import { isLive, isQueued } from '../../shared/domain/status.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type {
  DescribedExperiment,
  Description,
  Estimate,
  Experiment,
} from '../../shared/model/experiment.ts';
import type { Parameters as OptionValues } from '../../shared/model/json.ts';
import { type Plan, type PlanRequest, type SettledRequest, settledRequest } from '../../shared/model/plan.ts';
import type { InterpreterProbe } from '../../shared/model/python.ts';
import type { Hardware } from '../hardware/hardware.ts';
import type { Clock } from '../platform/clock.ts';
import { sha256 } from '../platform/hash.ts';
import type { Store } from '../store/store.ts';
import type { Catalog, Workload } from '../workloads/catalog.ts';
import { readSuite } from '../workloads/suite-file.ts';
import { type PreparedSuite, prepareSuite } from '../workloads/suite-source.ts';
import { createDescriptions, type Describe } from './descriptions.ts';

/** Chooses an interpreter; `path` absent = the recommended one, `needs` = all that it must be able to import. Throws ExpectedError `python-missing` or `python-unfit`. */
export interface PythonChooser {
  choose(
    path?: string,
    needs?: readonly string[],
  ): Promise<{ readonly path: string; readonly facts: InterpreterProbe }>;
}

export interface PlannerParts {
  readonly catalog: Catalog;
  readonly store: Pick<Store, 'findResults' | 'measurements' | 'batches' | 'experiments'>;
  readonly hardware: Pick<Hardware, 'facts' | 'latest' | 'sample'>;
  readonly python: PythonChooser;
  readonly clock: Clock;
}

export interface Planner {
  /** What would happen; nothing happens. Throws ExpectedError for anything wrong with the request or the machine. */
  plan(request: PlanRequest): Promise<Plan>;
}

/** Free disk is told from a sample no older than this, in seconds. */
const SAMPLE_AGE = 30;

/** Gathers the facts and leaves the decision to `buildPlan`. */
export function createPlanner(parts: PlannerParts): Planner {
  const describe = createDescriptions(parts.clock);

  return {
    async plan(asked) {
      const { workload, request, options, suite } = await resolveRequest(parts.catalog, asked);
      const { manifest } = workload;
      const python = await parts.python.choose(request.python, manifest.requires);
      requireModules(workload, python);
      const device = resolveDevice({
        asked: request.device,
        autoOrder: manifest.autoDevice,
        probe: python.facts,
      });
      const describeWith: Describe = (values) =>
        describe({ workload, python: python.path, options: values, seed: request.seed });
      const described = await describeWith(options);
      requireSelection(described, request);
      const experiments = await withEstimates({
        parts,
        workload,
        request,
        described,
        describeWith,
        device: device.device,
        stock: { cards: python.facts.cuda.length, cores: parts.hardware.facts.cores },
        suite: suite !== null,
      });
      return buildPlan({
        request,
        manifest: suite?.plan.gpuLoad ? { ...manifest, gpuLoad: suite.plan.gpuLoad } : manifest,
        device,
        cudaDevices: python.facts.cuda.length,
        experiments,
        phases: described.phases && statedNeeds(described.phases),
        existing: parts.store.findResults(experiments.map((experiment) => experiment.identity)),
        underWay: identitiesUnderWay(parts.store),
        machine: {
          memoryBytes: parts.hardware.facts.memoryBytes,
          cores: parts.hardware.facts.cores,
          freeDiskBytes: await freeDisk(parts),
        },
        notes: [...new Set([...manifest.notes, ...described.notes, ...(suite?.notes ?? [])])],
        suite: suite?.plan,
      });
    },
  };
}

interface ResolvedRequest {
  readonly workload: Workload;
  readonly request: SettledRequest;
  /** What describe.py gets. */
  readonly options: OptionValues;
  readonly suite: PreparedSuite | null;
}

/**
 * A preset with its options, or a suite file: one that was named, or the one that a preset stands for. A request of an
 * own preset says itself all that its file says: the batch does not change when the file does.
 */
async function resolveRequest(catalog: Catalog, asked: PlanRequest): Promise<ResolvedRequest> {
  const { workload, preset } =
    asked.suite === undefined
      ? await catalog.resolve(asked)
      : { workload: await catalog.find(asked.workload), preset: null };
  const { manifest, folder } = workload;
  const own = preset?.own !== undefined;
  const file = asked.suite ?? (preset?.suite && resolve(folder, preset.suite));
  if (file === undefined) {
    if (asked.sweep !== undefined || asked.csv !== undefined) throw noSweep(manifest.name);
    const said = own ? { ...preset.options, ...asked.options } : asked.options;
    const given = checkOptions(manifest.options, said);
    const request = settledRequest.parse({
      ...asked,
      workload: manifest.name,
      preset: preset?.name ?? '',
      options: given,
    });
    const options = resolveOptions({ specs: manifest.options, preset: preset?.options ?? {}, given });
    return { workload, request, options, suite: null };
  }
  const sweep = asked.sweep ?? preset?.own?.sweep;
  const whole: PlanRequest = {
    ...asked,
    options: { ...preset?.options, ...asked.options },
    ...(sweep && { sweep }),
    // The suite of a workload is found through its preset, wherever the app is installed.
    ...(own && preset.suite?.startsWith('/') && { suite: file }),
  };
  const searchPath = process.env.PATH ?? '';
  const suite = await prepareSuite(await readSuite(file), { request: whole, hash: sha256, searchPath });
  const name = preset?.name ?? suite.request.preset;
  const request = settledRequest.parse({ ...suite.request, workload: manifest.name, preset: name });
  return { workload, request, options: { suite: suite.described }, suite };
}

function noSweep(workload: string): ExpectedError {
  return new ExpectedError(
    'usage',
    `Only the parameters of a suite can be swept; ${workload} has options, and a list of values for those that are lists.`,
  );
}

interface EstimateContext {
  readonly parts: PlannerParts;
  readonly workload: Workload;
  readonly request: SettledRequest;
  readonly described: Description;
  readonly describeWith: Describe;
  readonly device: string;
  readonly stock: DeviceStock;
  readonly suite: boolean;
}

async function withEstimates(context: EstimateContext): Promise<Experiment[]> {
  const { parts, request, described, device } = context;
  const { manifest } = context.workload;
  const measurements = parts.store.measurements(manifest.name);
  const base = { measurements, device, threads: request.threads };
  const references = await referencesFor(context, base);
  // A run of several devices takes another time than one of one, with the same parameters.
  const filed = described.experiments.map((experiment) => filedUnder(experiment, context));
  const estimates = new Map<number, Estimate>();
  for (const name of new Set(filed)) {
    const own = described.experiments.flatMap((experiment, at) =>
      filed[at] === name ? [{ ...experiment, at }] : [],
    );
    refineEstimates({ ...base, device: name, experiments: own, references }).forEach((estimate, nth) => {
      const at = own[nth]?.at;
      if (at !== undefined) estimates.set(at, estimate);
    });
  }
  return described.experiments.map((experiment, at) => {
    const { parameters } = experiment;
    const seed = seedOf({ workload: manifest.name, batchSeed: request.seed, parameters }, sha256);
    const identity = identityOf(
      { workload: manifest.name, version: manifest.version, parameters, seed },
      sha256,
    );
    return {
      ...experiment,
      seed,
      identity,
      estimate: estimates.get(at) ?? { ...experiment.estimate, source: 'formula' },
    };
  });
}

/** The device under which a result of the experiment would be filed. */
function filedUnder(experiment: DescribedExperiment, { device, stock }: EstimateContext): string {
  const grant = grantDevices(experiment, device, stock);
  return grant.kind === 'granted' && grant.devices > 1 ? measuredDevice(device, grant.devices) : device;
}

/**
 * Formulas of experiments that were measured, when none of the planned ones was: the presets are described one after the
 * other, first with the request's options, until one holds a measured experiment. Descriptions are remembered, so
 * this costs something once.
 */
async function referencesFor(
  context: EstimateContext,
  base: Pick<Parameters<typeof anyMeasured>[0], 'measurements' | 'device' | 'threads'>,
): Promise<readonly FormulaEstimate[]> {
  const { described, request, describeWith, device } = context;
  const { manifest } = context.workload;
  if (!base.measurements.some((run) => run.device === device)) return [];
  // Two suites have nothing to do with each other.
  if (context.suite) return [];
  if (anyMeasured({ ...base, experiments: described.experiments })) return [];
  const overrides = Object.keys(request.options).length === 0 ? [{}] : [request.options, {}];
  for (const given of overrides) {
    for (const preset of manifest.presets) {
      const options = resolveOptions({ specs: manifest.options, preset: preset.options, given });
      const { experiments } = await describeOrNothing(describeWith, options);
      if (anyMeasured({ ...base, experiments })) return experiments;
    }
  }
  return [];
}

/** A preset that needs further options (such as `custom`) has nothing to compare with. */
async function describeOrNothing(describe: Describe, options: Parameters<Describe>[0]): Promise<Description> {
  try {
    return await describe(options);
  } catch (error) {
    if (error instanceof ExpectedError && error.code === 'usage') return { experiments: [], notes: [] };
    throw error;
  }
}

function requireModules({ manifest }: Workload, python: { path: string; facts: InterpreterProbe }): void {
  const missing = manifest.requires.filter((name) => python.facts.modules[name] === undefined);
  if (missing.length === 0) return;
  throw new ExpectedError(
    'python-unfit',
    `${python.path} lacks ${missing.join(', ')}, which the workload ${manifest.name} needs. Run "minibatch doctor" to see interpreters that have it.`,
  );
}

function requireSelection({ experiments }: Description, request: SettledRequest): void {
  const indices = experiments.map((experiment) => experiment.index);
  if (indices.length === 0) {
    throw new ExpectedError(
      'usage',
      `The preset ${request.preset} of ${request.workload} selects no experiment with these options.`,
    );
  }
  const range = `the indices of ${request.preset} are ${Math.min(...indices)} to ${Math.max(...indices)}`;
  const unknown = request.only?.filter((index) => !indices.includes(index)) ?? [];
  if (unknown.length > 0) {
    throw new ExpectedError(
      'usage',
      `--only names ${unknown.join(', ')}, which ${unknown.length === 1 ? 'is no experiment' : 'are no experiments'} here: ${range}.`,
    );
  }
  if (experiments.some((experiment) => isSelected(experiment, request))) return;
  const only = request.only === undefined ? '' : ` --only ${request.only.join(',')}`;
  throw new ExpectedError(
    'usage',
    `--start-from ${request.startFrom}${only} leaves nothing to run: ${range}.`,
  );
}

/** Batches that are being worked on, by the identities that they still have to train. */
function identitiesUnderWay(store: PlannerParts['store']): Map<string, string> {
  const found = new Map<string, string>();
  for (const { id, state } of store.batches()) {
    if (!['running', 'paused', 'stopping'].includes(state.kind)) continue;
    for (const experiment of store.experiments(id)) {
      const open = isLive(experiment.state) || (state.kind === 'running' && isQueued(experiment.state));
      if (open && !found.has(experiment.identity)) found.set(experiment.identity, id);
    }
  }
  return found;
}

async function freeDisk({ hardware, clock }: PlannerParts): Promise<number | null> {
  const latest = hardware.latest();
  const sample = latest !== null && clock.now() - latest.t < SAMPLE_AGE ? latest : await hardware.sample();
  return sample.disk?.freeBytes ?? null;
}
