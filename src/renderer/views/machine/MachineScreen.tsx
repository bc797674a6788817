import { useEffect, useMemo } from 'react';
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
import { Screen } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { CoreBars } from './CoreBars.tsx';
import { GraphCard } from './GraphCard.tsx';
import { cpuGraph, diskGraph, gpuGraph, memoryGraph, swapGraph } from './graphs.ts';
import { ProcessTable } from './ProcessTable.tsx';
import { MemoryParts } from './MemoryParts.tsx';

/** The machine over time, and who uses it. */
export function MachineScreen({ range }: { range: number }) {
  const { actions, connection, machine } = useApp();
  const hardware = useAppState((state) => state.hardware);
  const sample = useAppState((state) => state.sample);

  useEffect(
    () =>
      connection.attach(() => {
        // Without history the graphs begin with the next sample.
        machine.load(range).catch(() => {});
        return () => {};
      }),
    [connection, machine, range],
  );

  const specs = useMemo(
    () => ({
      cpu: cpuGraph(),
      memory: memoryGraph(hardware?.memoryBytes ?? null),
      gpu: gpuGraph(),
      swap: swapGraph(),
      disk: diskGraph(),
    }),
    [hardware],
  );
  return (
    <Screen
      title="Machine"
      facts={hardware ? factsText(hardware) : 'Reading the hardware…'}
      actions={
        <Segmented
          label="Range"
          value={String(range)}
          options={machineRanges.map((seconds) => ({
            value: String(seconds),
            title: formatDuration(seconds),
          }))}
          onChange={(value) => actions.refine({ screen: 'machine', range: Number(value) })}
        />
      }
    >
      <div className="machine-grid">
        <GraphCard
          title="CPU"
          spec={specs.cpu}
          range={range}
          value={formatPercent(fraction(sample?.cpuPercent))}
        >
          <CoreBars sample={sample} hardware={hardware} />
        </GraphCard>
        <GraphCard title="Memory" spec={specs.memory} range={range} value={memoryText(sample)}>
          <MemoryParts memory={sample?.memory ?? null} />
        </GraphCard>
        <GraphCard
          title="GPU"
          spec={specs.gpu}
          range={range}
          value={formatPercent(fraction(sample?.gpu?.percent))}
          missing={gpuMissing(sample, hardware)}
        />
        <GraphCard
          title="Swap"
          spec={specs.swap}
          range={range}
          value={formatBytes(sample?.memory.swapUsedBytes ?? null)}
          missing={sample !== null && sample.memory.swapTotalBytes === 0 ? 'This machine has no swap.' : null}
        />
        <GraphCard
          title="Disk"
          spec={specs.disk}
          range={range}
          value={sample?.disk ? `${formatBytes(sample.disk.freeBytes)} free` : NOT_AVAILABLE}
        />
      </div>
      <ProcessTable />
    </Screen>
  );
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
