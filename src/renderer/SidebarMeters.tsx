import { useAppState } from './app-context.ts';
import { formatPartOfBytes, formatPercent, NOT_AVAILABLE } from '../shared/domain/format.ts';
import type { MachineSample, MemorySample } from '../shared/model/hardware.ts';
import { Meter } from './widgets/Meter.tsx';
import type { Tone } from './widgets/tone.ts';

/** Memory and GPU of the machine now; a source that is missing says so. */
export function SidebarMeters() {
  const memory = useAppState((state) => state.sample?.memory ?? null);
  const gpu = useAppState((state) => gpuFraction(state.sample));
  const used = memory?.usedBytes ?? null;
  return (
    <div className="sidebar-meters">
      <Meter
        label="Memory"
        value={memory === null ? NOT_AVAILABLE : formatPartOfBytes(used, memory.totalBytes)}
        fraction={memory === null || used === null ? null : used / memory.totalBytes}
        tone={pressureTone(memory)}
      />
      <Meter label="GPU" value={formatPercent(gpu)} fraction={gpu} tone="running" />
    </div>
  );
}

/** The colour that the system gives its memory pressure; unknown pressure counts as normal. */
export function pressureTone(memory: MemorySample | null): Tone {
  if (memory?.pressure === 'critical') return 'failed';
  return memory?.pressure === 'warning' ? 'warning' : 'succeeded';
}

function gpuFraction(sample: MachineSample | null): number | null {
  const percent = sample?.gpu?.percent ?? null;
  return percent === null ? null : percent / 100;
}
