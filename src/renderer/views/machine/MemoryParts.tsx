import { formatBytes } from '../../../shared/domain/format.ts';
import { useAppState } from '../../app-context.ts';
import { pressureTone } from '../../SidebarMeters.tsx';
import { StateMark } from '../../widgets/StateBadge.tsx';

/** What memory is used for, as far as this machine tells, and how hard pressed it is. */
export function MemoryParts() {
  const memory = useAppState((state) => state.sample?.memory ?? null);
  if (memory === null) return null;
  // The colours are those of the graph above.
  const parts: readonly (readonly [string, number | null, string | null])[] = [
    ['App', memory.appBytes, '--series-2'],
    ['Wired', memory.wiredBytes, '--series-5'],
    ['Compressed', memory.compressedBytes, '--series-4'],
    ['Cached', memory.cachedBytes, '--text-3'],
    ['Swap', memory.swapTotalBytes === 0 ? null : memory.swapUsedBytes, null],
    ['Available', memory.availableBytes, null],
  ];
  return (
    <dl className="memory-parts">
      {parts.map(([name, bytes, color]) =>
        bytes === null ? null : (
          <div key={name}>
            <dt>
              {color === null ? null : <i style={{ background: `var(${color})` }} />}
              {name}
            </dt>
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
