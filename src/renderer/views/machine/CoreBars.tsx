import { useEffect, useMemo, useRef } from 'react';
import type { Tone } from '../../widgets/tone.ts';
import { formatPercent, NOT_AVAILABLE } from '../../../shared/domain/format.ts';
import type { MachineSample } from '../../../shared/model/hardware.ts';
import { useApp, useAppState } from '../../app-context.ts';

interface Level {
  readonly name: string;
  readonly cpus: readonly number[];
}

/** One bar a core, grouped by core level where the machine has several; load and heat beside them. */
export function CoreBars() {
  const cores = useAppState((state) => state.sample?.perCore.length ?? 0);
  const levels = useAppState((state) => state.hardware?.coreLevels ?? null);
  const load = useAppState((state) => state.sample?.loadAverage ?? null);
  const thermal = useAppState((state) => state.sample?.thermal ?? null);
  const shown = useMemo(() => levelsOf(levels ?? [], cores), [levels, cores]);
  if (cores === 0) return null;
  return (
    <div className="cores">
      {shown.map((level) => (
        <div key={level.name} className="core-level">
          <span className="tiny quiet">{level.name}</span>
          <LevelBars level={level} />
        </div>
      ))}
      <dl className="core-facts">
        <div>
          <dt>Load</dt>
          <dd>{load === null ? NOT_AVAILABLE : load.toFixed(2)}</dd>
        </div>
        <div>
          <dt>Thermal state</dt>
          <dd data-tone={thermalTone(thermal)} className={thermal === null ? 'quiet' : 'toned'}>
            {thermal ?? NOT_AVAILABLE}
          </dd>
        </div>
      </dl>
    </div>
  );
}

/** A machine whose cores are all alike has one level. */
function levelsOf(levels: readonly Level[], cores: number): readonly Level[] {
  return levels.length > 1 ? levels : [{ name: 'Cores', cpus: Array.from({ length: cores }, (_, at) => at) }];
}

/** Moved by the samples themselves: a machine has many cores, and each of them changes every second. */
function LevelBars({ level }: { level: Level }) {
  const { machine } = useApp();
  const list = useRef<HTMLUListElement>(null);
  const { name, cpus } = level;

  useEffect(() => {
    function draw(): void {
      const { perCore } = machine.samples().at(-1) ?? { perCore: [] };
      const fills = list.current?.querySelectorAll<HTMLElement>('.core-fill') ?? [];
      for (const [at, fill] of [...fills].entries())
        fill.style.transform = `translateY(${100 - Math.max(2, perCore[cpus[at] ?? -1] ?? 0)}%)`;
      list.current?.setAttribute('aria-label', percentOfEach(name, cpus, perCore));
    }
    draw();
    return machine.onSample(draw);
  }, [machine, name, cpus]);

  return (
    <ul
      ref={list}
      className="core-bars"
      role="img"
      onPointerEnter={(event) => {
        event.currentTarget.title = event.currentTarget.getAttribute('aria-label') ?? '';
      }}
    >
      {cpus.map((cpu) => (
        <li key={cpu}>
          <span className="core-fill" />
        </li>
      ))}
    </ul>
  );
}

function percentOfEach(name: string, cpus: readonly number[], perCore: MachineSample['perCore']): string {
  const each = cpus.map((cpu) => {
    const percent = perCore[cpu] ?? null;
    return formatPercent(percent === null ? null : percent / 100);
  });
  return `${name}, use of each: ${each.join(', ')}`;
}

/** A machine that slows itself down says so in the colour of a warning, one about to stop in that of a failure. */
function thermalTone(thermal: MachineSample['thermal']): Tone {
  if (thermal === 'critical') return 'failed';
  return thermal === 'nominal' || thermal === null ? 'succeeded' : 'warning';
}
