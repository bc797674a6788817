import { useEffect, useMemo } from 'react';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import {
  formatBytes,
  formatDuration,
  formatNumber,
  formatPercent,
  NOT_AVAILABLE,
} from '../../../shared/domain/format.ts';
import type { HardwareFacts, MachineSample } from '../../../shared/model/hardware.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { machineRanges } from '../../state/route.ts';
import { isLive, sortedBatches } from '../../state/selectors.ts';
import { Screen } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { CoreBars } from './CoreBars.tsx';
import { GraphCard } from './GraphCard.tsx';
import { cpuGraph, diskGraph, gpuGraph, gpuMemoryGraph, memoryGraph, swapGraph } from './graphs.ts';
import { ProcessTable } from './ProcessTable.tsx';
import { MemoryParts } from './MemoryParts.tsx';

/** Seconds that the core keeps. */
const LONGEST = 7 * 86_400;

/** The machine over time, and who uses it. */
export function MachineScreen({ range }: { range: number }) {
  const { actions, connection, machine } = useApp();
  const hardware = useAppState((state) => state.hardware);
  const sample = useAppState((state) => state.sample);

  // The batch at hand: its runs are marked in the graphs, and "whole batch" means this one.
  const batch = useAppState((state) => batchAtHand(state.batches ?? {}));
  const batchId = batch?.id ?? null;
  const since = range === 0 ? (batch?.createdAt ?? null) : null;
  const until = range === 0 ? (batch?.endedAt ?? null) : null;
  const span = useMemo(() => ({ seconds: range === 0 ? 300 : range, since, until }), [range, since, until]);

  useEffect(() => (batchId === null ? undefined : actions.openBatch(batchId)), [actions, batchId]);
  useEffect(
    () =>
      connection.attach(() => {
        const seconds = span.since === null ? span.seconds : Date.now() / 1_000 - span.since;
        // Without history the graphs begin with the next sample.
        machine.load(Math.min(LONGEST, Math.max(60, seconds))).catch(() => {});
        return () => {};
      }),
    [connection, machine, span],
  );

  const cores = sample?.perCore.length ?? 0;
  const gpuTotal = hardware?.gpu?.memoryBytes ?? null;
  const gpuMemorySpec = useMemo(() => gpuMemoryGraph(gpuTotal), [gpuTotal]);
  const gpuMemory = sample?.gpu?.allocatedBytes ?? null;
  const cpu = useMemo(() => cpuGraph(cores), [cores]);
  return (
    <Screen
      title="Machine"
      facts={hardware ? factsText(hardware) : 'Reading the hardware…'}
      actions={
        <Segmented
          label="Range"
          value={String(range)}
          options={machineRanges
            .filter((seconds) => seconds > 0 || batch !== null)
            .map((seconds) => ({
              value: String(seconds),
              title: seconds === 0 ? 'Whole batch' : formatDuration(seconds),
            }))}
          onChange={(value) => actions.refine({ screen: 'machine', range: Number(value) })}
        />
      }
    >
      <div className="machine-grid" data-cards={gpuMemory === null ? 5 : 6}>
        <GraphCard
          title="CPU"
          wide
          spec={cpu}
          span={span}
          value={formatPercent(fraction(sample?.cpuPercent))}
        >
          <CoreBars sample={sample} hardware={hardware} />
        </GraphCard>
        <GraphCard title="Memory" wide spec={memoryGraph} span={span} value={memoryText(sample)}>
          <MemoryParts memory={sample?.memory ?? null} />
        </GraphCard>
        <GraphCard
          title="GPU"
          spec={gpuGraph}
          span={span}
          value={formatPercent(fraction(sample?.gpu?.percent))}
          missing={gpuMissing(sample, hardware)}
        />
        {gpuMemory === null ? null : (
          <GraphCard
            title="GPU memory"
            spec={gpuMemorySpec}
            span={span}
            value={gpuMemoryText(gpuMemory, hardware)}
          />
        )}
        <GraphCard
          title="Swap"
          spec={swapGraph}
          span={span}
          value={swapText(sample)}
          missing={swapMissing(sample)}
        />
        <GraphCard
          title="Disk"
          spec={diskGraph}
          span={span}
          value={sample?.disk ? `${formatBytes(sample.disk.freeBytes)} free` : NOT_AVAILABLE}
          missing={
            sample !== null && sample.disk === null ? 'The volume of the workspace gives no figures.' : null
          }
        />
      </div>
      <ProcessTable />
    </Screen>
  );
}

/** The batch that runs, else the newest. */
function batchAtHand(batches: Readonly<Record<string, BatchRecord>>): BatchRecord | null {
  const all = sortedBatches(batches);
  return all.find(isLive) ?? all[0] ?? null;
}

function gpuMemoryText(bytes: number, hardware: HardwareFacts | null): string {
  const total = hardware?.gpu?.memoryBytes ?? null;
  return total === null ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`;
}

function fraction(percent: number | null | undefined): number | null {
  return percent === null || percent === undefined ? null : percent / 100;
}

function memoryText(sample: MachineSample | null): string {
  const used = sample?.memory.usedBytes ?? null;
  return used === null || sample === null
    ? NOT_AVAILABLE
    : `${formatBytes(used)} of ${formatBytes(sample.memory.totalBytes)}`;
}

function hasSwap(sample: MachineSample | null): boolean {
  return sample?.memory.swapTotalBytes !== 0;
}

function swapText(sample: MachineSample | null): string {
  return hasSwap(sample) ? formatBytes(sample?.memory.swapUsedBytes ?? null) : 'none';
}

function swapMissing(sample: MachineSample | null): string | null {
  return hasSwap(sample)
    ? null
    : 'This machine has no swap: when memory runs out, the system ends a process.';
}

function gpuMissing(sample: MachineSample | null, hardware: HardwareFacts | null): string | null {
  if (sample === null || (sample.gpu?.percent !== undefined && sample.gpu.percent !== null)) return null;
  if (hardware?.gpu === null) return 'No GPU that can be measured was found on this machine.';
  return sample.sources['gpu'] && sample.sources['gpu'] !== 'ok'
    ? sample.sources['gpu']
    : 'The GPU gives no figures on this machine.';
}

function factsText(facts: HardwareFacts): string {
  const levels =
    facts.coreLevels.length > 1
      ? ` (${facts.coreLevels.map((level) => `${level.count} ${level.name}`).join(', ')})`
      : '';
  return [
    facts.model,
    facts.chip,
    `${formatNumber(facts.cores)} cores${levels}`,
    formatBytes(facts.memoryBytes),
    facts.gpu?.name,
    facts.osVersion,
  ]
    .filter((part) => part !== null && part !== undefined && part !== '')
    .join(' · ');
}
