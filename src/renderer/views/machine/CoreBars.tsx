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
          <ul className="core-bars" role="img" {...named(level, sample)}>
            {level.cpus.map((cpu) => (
              <li key={cpu}>
                <span
                  className="core-fill"
                  style={{ transform: `translateY(${100 - Math.max(2, sample.perCore[cpu] ?? 0)}%)` }}
                />
              </li>
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

/** One text for all cores of a level: a machine has many, and each text would cost something every second. */
function named(level: { name: string; cpus: readonly number[] }, { perCore }: MachineSample) {
  const each = level.cpus.map((cpu) => {
    const percent = perCore[cpu] ?? null;
    return formatPercent(percent === null ? null : percent / 100);
  });
  const text = `${level.name}, use of each: ${each.join(', ')}`;
  return { title: text, 'aria-label': text };
}

/** A machine that slows itself down says so in the colour of a warning, one about to stop in that of a failure. */
function thermalTone(thermal: MachineSample['thermal']): Tone {
  if (thermal === 'critical') return 'failed';
  return thermal === 'nominal' || thermal === null ? 'succeeded' : 'warning';
}
