import { useEffect, useMemo } from 'react';
import type { BatchRecord } from '../../../shared/model/batch.ts';
import { formatBytes, formatDuration, formatNumber } from '../../../shared/domain/format.ts';
import type { HardwareFacts } from '../../../shared/model/hardware.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { machineRanges } from '../../state/route.ts';
import { isLive, sortedBatches } from '../../state/selectors.ts';
import { Screen } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { CoreBars } from './CoreBars.tsx';
import { GraphCard } from './GraphCard.tsx';
import { cpuGraph, diskGraph, gpuGraph, gpuMemoryGraph, memoryGraph, swapGraph } from './graphs.ts';
import {
  cpuText,
  diskMissing,
  diskText,
  gpuMemoryText,
  gpuMissing,
  gpuText,
  memoryText,
  swapMissing,
  swapText,
} from './machine-words.ts';
import { ProcessTable } from './ProcessTable.tsx';
import { MemoryParts } from './MemoryParts.tsx';

/** Seconds that the core keeps. */
const LONGEST = 7 * 86_400;

/** The machine over time, and who uses it. */
export function MachineScreen({ range }: { range: number }) {
  const { actions, connection, machine } = useApp();
  const hardware = useAppState((state) => state.hardware);

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

  const cores = useAppState((state) => state.sample?.perCore.length ?? 0);
  const gpuMemory = useAppState((state) => (state.sample?.gpu?.allocatedBytes ?? null) !== null);
  const gpuTotal = hardware?.gpu?.memoryBytes ?? null;
  const gpuMemorySpec = useMemo(() => gpuMemoryGraph(gpuTotal), [gpuTotal]);
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
      <div className="machine-grid" data-cards={gpuMemory ? 6 : 5}>
        <GraphCard title="CPU" wide spec={cpu} span={span} value={cpuText}>
          <CoreBars />
        </GraphCard>
        <GraphCard title="Memory" wide spec={memoryGraph} span={span} value={memoryText}>
          <MemoryParts />
        </GraphCard>
        <GraphCard title="GPU" spec={gpuGraph} span={span} value={gpuText} missing={gpuMissing} />
        {gpuMemory ? (
          <GraphCard title="GPU memory" spec={gpuMemorySpec} span={span} value={gpuMemoryText} />
        ) : null}
        <GraphCard title="Swap" spec={swapGraph} span={span} value={swapText} missing={swapMissing} />
        <GraphCard title="Disk" spec={diskGraph} span={span} value={diskText} missing={diskMissing} />
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
