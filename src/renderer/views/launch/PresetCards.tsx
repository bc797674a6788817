import { type KeyboardEvent, useEffect } from 'react';
import { useApp, useAppState } from '../../app-context.ts';
import { formatCount, formatMegabytes, formatRoughDuration } from '../../../shared/domain/format.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { Manifest, PresetSpec } from '../../../shared/model/workload.ts';
import type { Loadable } from '../../state/loadable.ts';

/** A card a preset: what it holds, what it costs, what of it is done. A radio group, so arrows move. */
export function PresetCards({ manifest, chosen }: { manifest: Manifest; chosen: string }) {
  const { actions } = useApp();
  const plans = useAppState((state) => state.presetPlans);

  useEffect(() => {
    void actions.loadPresetPlans(manifest.name);
  }, [actions, manifest.name]);

  function choose(preset: string): void {
    actions.refine({ screen: 'launch', workload: manifest.name, preset });
    actions.choosePreset(manifest.name, preset);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = manifest.presets.findIndex((preset) => preset.name === chosen);
    const next = manifest.presets[(at + step + manifest.presets.length) % manifest.presets.length];
    if (!next) return;
    choose(next.name);
    event.currentTarget.querySelector<HTMLElement>(`[data-preset="${next.name}"]`)?.focus();
  }

  return (
    <div className="presets" role="radiogroup" aria-label="Preset" onKeyDown={onKeyDown}>
      {manifest.presets.map((preset) => (
        <PresetCard
          key={preset.name}
          preset={preset}
          chosen={preset.name === chosen}
          plan={plans[`${manifest.name}/${preset.name}`] ?? null}
          onChoose={() => choose(preset.name)}
        />
      ))}
    </div>
  );
}

interface PresetCardProps {
  readonly preset: PresetSpec;
  readonly chosen: boolean;
  /** Null = not asked yet. */
  readonly plan: Loadable<Plan> | null;
  readonly onChoose: () => void;
}

function PresetCard({ preset, chosen, plan, onChoose }: PresetCardProps) {
  return (
    <button
      type="button"
      role="radio"
      className="preset"
      aria-checked={chosen}
      tabIndex={chosen ? 0 : -1}
      data-preset={preset.name}
      onClick={onChoose}
    >
      <span className="preset-title">{preset.title}</span>
      <span className="preset-summary">{preset.summary}</span>
      <span className="preset-cost">{plan ? <Cost plan={plan} /> : <span>…</span>}</span>
    </button>
  );
}

function Cost({ plan }: { plan: Loadable<Plan> }) {
  if (plan.value === null) return <span className="preset-problem">{plan.problem}</span>;
  const { totals, limits, experiments } = plan.value;
  if (experiments.length > 0 && totals.skip === experiments.length) {
    return (
      <span className="preset-done" data-tone="succeeded">
        <span className="toned">✓ all {formatCount(experiments.length, 'result')} here</span>
      </span>
    );
  }
  const { measured, run } = costBasis(plan.value);
  return (
    <>
      <span
        title={measured === run ? 'Learned from runs on this machine' : 'Estimated by the workload’s formula'}
      >
        {formatRoughDuration(totals.wallSeconds)}
      </span>
      <span className="preset-memory">{formatMegabytes(limits.largestMb)} a run</span>
      <span className="preset-disk">{formatMegabytes(totals.diskMb)} on disk</span>
      <span>
        {totals.skip > 0
          ? `${totals.skip} of ${experiments.length} done`
          : formatCount(experiments.length, 'run')}
      </span>
    </>
  );
}

/** How many of the experiments to run have a cost that was measured. */
function costBasis(plan: Plan): { measured: number; run: number } {
  const run = plan.experiments.filter(({ action }) => action === 'run');
  return { measured: run.filter(({ estimate }) => estimate.source === 'measured').length, run: run.length };
}
