import { useAppState } from '../../app-context.ts';
import type { Tone } from '../../widgets/tone.ts';
import { formatPercent, NOT_AVAILABLE } from '../../../shared/domain/format.ts';
import type { MachineSample } from '../../../shared/model/hardware.ts';

/** One bar a core, grouped by core level where the machine has several. */
export function CoreBars() {
  const sample = useAppState((state) => state.sample);
  const hardware = useAppState((state) => state.hardware);
  if (sample === null || sample.perCore.length === 0) return null;
  const levels =
    hardware && hardware.coreLevels.length > 1
      ? hardware.coreLevels
      : [{ name: 'Cores', cpus: sample.perCore.map((_percent, at) => at) }];
  return (
    <div className="cores">
      {levels.map((level) => (
        <div key={level.name} className="core-level">
          <span className="tiny quiet">{level.name}</span>
          <ul className="core-bars" aria-label={`${level.name}, use of each`}>
            {level.cpus.map((cpu) => (
              <CoreBar key={cpu} cpu={cpu} percent={sample.perCore[cpu] ?? null} />
            ))}
          </ul>
        </div>
      ))}
      <dl className="core-facts">
        <div>
          <dt>Load</dt>
          <dd>{sample.loadAverage === null ? NOT_AVAILABLE : sample.loadAverage.toFixed(2)}</dd>
        </div>
        <div>
          <dt>Thermal state</dt>
          <dd data-tone={thermalTone(sample.thermal)} className={sample.thermal === null ? 'quiet' : 'toned'}>
            {sample.thermal ?? NOT_AVAILABLE}
          </dd>
        </div>
      </dl>
    </div>
  );
}

/** Attributes and no text, which would be laid out anew every second. */
function CoreBar({ cpu, percent }: { cpu: number; percent: number | null }) {
  const text = formatPercent(percent === null ? null : percent / 100);
  return (
    <li title={`Core ${cpu}: ${text}`}>
      <span
        className="core-fill"
        role="meter"
        aria-label={`Core ${cpu}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(percent ?? 0)}
        aria-valuetext={text}
        style={{ transform: `translateY(${100 - Math.max(2, percent ?? 0)}%)` }}
      />
    </li>
  );
}

/** A machine that slows itself down says so in the colour of a warning, one about to stop in that of a failure. */
function thermalTone(thermal: MachineSample['thermal']): Tone {
  if (thermal === 'critical') return 'failed';
  return thermal === 'nominal' || thermal === null ? 'succeeded' : 'warning';
}
