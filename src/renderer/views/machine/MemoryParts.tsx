import { formatBytes } from '../../../shared/domain/format.ts';
import type { MemorySample } from '../../../shared/model/hardware.ts';
import { pressureTone } from '../../SidebarMeters.tsx';
import { StateMark } from '../../widgets/StateBadge.tsx';

/** What memory is used for, as far as this machine tells, and how hard pressed it is. */
export function MemoryParts({ memory }: { memory: MemorySample | null }) {
  if (memory === null) return null;
  const parts: readonly (readonly [string, number | null])[] = [
    ['App', memory.appBytes],
    ['Wired', memory.wiredBytes],
    ['Compressed', memory.compressedBytes],
    ['Cached', memory.cachedBytes],
    ['Available', memory.availableBytes],
  ];
  return (
    <dl className="memory-parts">
      {parts.map(([name, bytes]) =>
        bytes === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatBytes(bytes)}</dd>
          </div>
        ),
      )}
      <div>
        <dt>Pressure</dt>
        <dd className="state" data-tone={pressureTone(memory)}>
          {memory.pressure === null ? (
            'not available'
          ) : (
            <>
              <StateMark mark={memory.pressure === 'normal' ? 'check' : 'triangle'} />
              <span className="toned">{memory.pressure}</span>
            </>
          )}
        </dd>
      </div>
    </dl>
  );
}
