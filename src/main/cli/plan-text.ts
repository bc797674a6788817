import {
  formatCount,
  formatDuration,
  formatMegabytes,
  formatNumber,
  formatRoughDuration,
} from '../../shared/domain/format.ts';
import { takenDevices } from '../../shared/domain/device-set.ts';
import { phasesOf } from '../../shared/domain/phases.ts';
import type { Plan, PlannedExperiment } from '../../shared/model/plan.ts';
import { textTable } from './text-table.ts';

/** Number of trainable parameters, where the workload tells it. */
export function parameterCount(experiment: Pick<PlannedExperiment, 'facts'>): number | null {
  const count = experiment.facts.parameterCount;
  return typeof count === 'number' ? count : null;
}

export function byIndex<T extends { readonly index: number }>(items: readonly T[]): T[] {
  return items.toSorted((a, b) => a.index - b.index);
}

/** The document of `plan --json`. */
export function planDocument(plan: Plan): unknown {
  return {
    experiments: byIndex(plan.experiments).map((experiment) => ({
      index: experiment.index,
      name: experiment.name,
      parameters: parameterCount(experiment),
      estimate: experiment.estimate,
      action: experiment.action,
      reason: experiment.reason,
      phase: experiment.phase,
      queue: experiment.queue,
      devices: experiment.devices ?? 1,
      granted: takenDevices(experiment),
      seed: experiment.seed,
      identity: experiment.identity,
      configuration: experiment.parameters,
      existing: experiment.existing,
    })),
    phases: phasesOf(plan),
    workers: plan.workers,
    limits: plan.limits,
    totals: plan.totals,
    workload: plan.request.workload,
    preset: plan.request.preset,
    device: plan.device,
    threads: plan.request.threads,
    retries: plan.request.retries,
    retryDelaySeconds: plan.request.retryDelaySeconds,
    failFast: plan.request.failFast,
    notes: plan.notes,
  };
}

/** A plan for people: the table in the order of the start, the arithmetic of the workers, the totals. */
export function planLines(plan: Plan): string[] {
  const phases = phasesOf(plan);
  const table = textTable<PlannedExperiment>(
    [
      { title: 'index', text: (row) => String(row.index), right: true },
      { title: 'experiment', text: (row) => row.name },
      ...(phases.length > 1 ? [{ title: 'phase', text: (row: PlannedExperiment) => row.phase }] : []),
      ...(plan.experiments.some((row) => takenDevices(row) > 1)
        ? [{ title: 'devices', text: (row: PlannedExperiment) => String(takenDevices(row)), right: true }]
        : []),
      { title: 'parameters', text: (row) => formatOptional(parameterCount(row)), right: true },
      { title: 'memory', text: (row) => estimated(row, formatMegabytes(row.estimate.memoryMb)), right: true },
      { title: 'time', text: (row) => estimated(row, formatDuration(row.estimate.seconds)), right: true },
      { title: 'action', text: (row) => row.action },
      { title: 'why', text: (row) => row.reason },
    ],
    plan.experiments,
  );
  const notes = plan.notes.map((note) => `Note: ${note}`);
  return [...table, '', ...planSummary(plan), ...notes];
}

/** What would happen, in three sentences. */
export function planSummary(plan: Plan): string[] {
  const { run, skip, postpone, workSeconds, wallSeconds } = plan.totals;
  const parts = [`${formatCount(run, 'experiment')} to run`];
  if (skip > 0) parts.push(`${skip} skipped`);
  if (postpone > 0) parts.push(`${postpone} postponed`);
  const measured = plan.experiments.some(
    ({ action, estimate }) => action === 'run' && estimate.source === 'measured',
  );
  const basis = measured ? '' : ', estimated: none of them was measured here yet';
  const time =
    run === 0 ? '' : `, ${formatRoughDuration(wallSeconds)} (${formatDuration(workSeconds)} of work)${basis}`;
  return [
    `${plan.request.workload}/${plan.request.preset}: ${parts.join(', ')}${time}.`,
    plan.limits.sentence,
    `Device ${plan.device}: ${plan.deviceReason}`,
  ];
}

/** What was measured on this machine stands without a sign. */
function estimated({ estimate }: PlannedExperiment, text: string): string {
  return estimate.source === 'measured' ? text : `≈ ${text}`;
}

function formatOptional(value: number | null): string {
  return value === null ? '–' : formatNumber(value);
}
