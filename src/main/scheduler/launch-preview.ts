import type { LaunchPreview } from '../../shared/model/launch-preview.ts';
import { measuredDevice, takenDevices } from '../../shared/domain/device-set.ts';
import type { Plan, PlannedExperiment } from '../../shared/model/plan.ts';
import type { RunFile } from '../store/run-file.ts';
import { previewCommands } from '../workloads/command-preview.ts';
import type { WorkloadFacts } from './batch-work.ts';
import { type LaunchContext, type LaunchWork, planLaunch } from './launch.ts';
import { deviceOf } from './queue-facts.ts';

/** Stands where the name of the batch will be, which it gets when it starts. */
const UNNAMED = '<batch>';

/** What a start of the plan would run, made by what makes it then; nothing is written. */
export async function previewLaunches(
  context: LaunchContext,
  batch: { readonly plan: Plan; readonly python: string; readonly workload: WorkloadFacts },
  indices?: readonly number[],
): Promise<readonly LaunchPreview[]> {
  const { plan, python, workload } = batch;
  const work: LaunchWork = {
    id: UNNAMED,
    file: { plan },
    python,
    workload,
    journal: [],
    runs: new Map(),
    kinds: new Map(),
  };
  const wanted = indices && new Set(indices);
  const files = plan.experiments
    .filter(({ action, index }) => (wanted ? wanted.has(index) : action === 'run'))
    .map((experiment) => {
      const place = { device: devicesShown(work, experiment), lane: 1, slotFreeAt: 0 };
      return planLaunch(context, work, { experiment: { ...experiment, batch: UNNAMED, attempt: 0 }, place })
        .file;
    });
  const own = await previewCommands({ folder: workload.folder, python, runs: files });
  return files.map((file, at) => preview(context, file, own?.[at]));
}

/** Which cards a run of several gets is decided when it starts: here the first ones stand for them. */
function devicesShown(work: LaunchWork, experiment: PlannedExperiment): string {
  const device = deviceOf(work, experiment);
  const devices = takenDevices(experiment);
  return devices === 1 ? device : measuredDevice(device, devices);
}

function preview(
  { base }: LaunchContext,
  file: RunFile,
  own: Pick<LaunchPreview, 'command' | 'environment' | 'workingFolder'> | undefined,
): LaunchPreview {
  const whole = { ...file.environment, ...own?.environment };
  return {
    index: file.index,
    name: file.name,
    command: own?.command ?? file.command,
    environment: Object.fromEntries(Object.entries(whole).filter(([name, value]) => base[name] !== value)),
    workingFolder: own?.workingFolder ?? file.workingFolder,
    folder: file.workingFolder,
  };
}
