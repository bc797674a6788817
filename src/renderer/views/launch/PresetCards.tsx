import { type KeyboardEvent, useEffect } from 'react';
import { formatCount, formatMoment } from '../../../shared/domain/format.ts';
import type { BrokenPreset } from '../../../shared/model/own-preset.ts';
import type { SuiteEntry } from '../../../shared/model/suite-entry.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import { suiteKey } from '../../actions/launch-actions.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { LaunchForm } from '../../state/launch-form.ts';
import { type Route, suiteRoute, SUITE_WORKLOAD } from '../../state/route.ts';
import { Button } from '../../widgets/Button.tsx';
import { LaunchCard, type LaunchCardFacts } from './LaunchCard.tsx';

interface Choice {
  readonly facts: LaunchCardFacts;
  readonly chosen: boolean;
  readonly route: Route;
}

/** A card a preset, and one for each suite that was run or opened. A radio group, so arrows move. */
export function PresetCards({ manifest, form }: { manifest: Manifest; form: LaunchForm }) {
  const { actions } = useApp();
  const plans = useAppState((state) => state.presetPlans);
  const suites = useAppState((state) => state.suites.value) ?? NO_SUITES;
  const withSuites = manifest.name === SUITE_WORKLOAD;

  useEffect(() => {
    if (withSuites) void actions.loadSuites();
  }, [actions, withSuites]);
  useEffect(() => {
    // Asked anew for a manifest that was read anew: presets come and go.
    void actions.loadPresetPlans(manifest.name);
  }, [actions, manifest]);
  useEffect(() => {
    void actions.loadSuitePlans(suites);
  }, [actions, suites]);

  const broken = useAppState((state) => state.workloads.value?.brokenPresets) ?? NO_BROKEN;
  const brokenHere = broken.filter(({ workload }) => workload === manifest.name);
  const presets = manifest.presets.map(({ name, title, summary, own }): Choice & { own: boolean } => {
    const plan = plans[`${manifest.name}/${name}`] ?? null;
    return {
      own: own !== undefined,
      facts: { id: name, title, summary, note: null, plan, problem: null },
      chosen: form.preset === name && (form.suite === null || own !== undefined),
      route: { screen: 'launch', workload: manifest.name, preset: name },
    };
  });
  const ownPresets = presets.filter(({ own }) => own);
  const known = (withSuites ? suites : []).map(
    (suite): Choice => ({
      facts: {
        id: suite.id,
        title: suite.name,
        summary: `${contentsText(suite)} ${historyText(suite)}`,
        note: shortPath(suite.path),
        plan: plans[suiteKey(suite.id)] ?? null,
        problem: suite.check.kind === 'problem' ? problemText(suite.check) : null,
      },
      chosen: form.suite?.id === suite.id && !ownPresets.some(({ chosen }) => chosen),
      route: suiteRoute(suite.id),
    }),
  );
  const ready = [...presets.filter(({ own }) => !own), ...known];
  const choices = [...ready, ...ownPresets];

  function choose({ facts, route }: Choice): void {
    actions.refine(route);
    if (route.screen === 'launch' && !route.suite) actions.choosePreset(manifest.name, facts.id);
  }

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = choices.findIndex(({ chosen }) => chosen);
    const next = choices[(at + step + choices.length) % choices.length];
    if (!next) return;
    choose(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-preset="${next.facts.id}"]`)?.focus();
  }

  const card = (choice: Choice) => (
    <LaunchCard
      key={choice.facts.id}
      facts={choice.facts}
      chosen={choice.chosen}
      onChoose={() => choose(choice)}
    />
  );

  return (
    <div className="presets">
      <div className="presets-group" role="radiogroup" aria-label="Preset" onKeyDown={onKeyDown}>
        {ready.map(card)}
        {withSuites ? <OpenSuite /> : null}
        {ownPresets.length + brokenHere.length > 0 ? <h2 className="presets-title">Your presets</h2> : null}
        {ownPresets.map(card)}
        {brokenHere.map((one) => (
          <BrokenPresetCard key={one.preset} broken={one} />
        ))}
      </div>
    </div>
  );
}

const NO_SUITES: readonly SuiteEntry[] = [];
const NO_BROKEN: readonly BrokenPreset[] = [];

/** A file that cannot be used says why; the others are not hidden by it. */
function BrokenPresetCard({ broken }: { broken: BrokenPreset }) {
  const { actions } = useApp();
  const { workload, preset, path, line, key, reason } = broken;
  return (
    <div className="preset preset-broken" role="group" aria-label={`${preset}, cannot be used`}>
      <span className="preset-title truncate">{preset}</span>
      <span className="preset-summary" data-tone="failed">
        <span className="toned">
          Line {line}
          {key === null ? '' : `, ${key}`}: {reason}
        </span>
        <span className="preset-note" title={path}>
          {shortPath(path)}
        </span>
      </span>
      <span className="preset-cost">
        <Button small kind="ghost" onClick={() => void actions.removePreset(workload, preset)}>
          Move to trash
        </Button>
      </span>
    </div>
  );
}

/** The way to a suite that is not listed. A page in a browser is not told where a file lies. */
function OpenSuite() {
  const { actions, host } = useApp();
  return (
    <button type="button" className="preset preset-open" onClick={() => void actions.chooseSuite()}>
      <span className="preset-title">Open suite…</span>
      <span className="preset-summary">
        {host.can.openSuite
          ? 'Your own script or command. Drop a suite file anywhere on the window, or choose one.'
          : 'Drop a suite file on the page to check it. Once started with “minibatch run”, it is listed here.'}
      </span>
    </button>
  );
}

function contentsText({ check }: SuiteEntry): string {
  if (check.kind === 'problem') return 'Cannot be planned as it is.';
  const phases = new Set(check.experiments.map(({ phase }) => phase)).size;
  return `${formatCount(check.count, 'experiment')}${phases > 1 ? ` in ${phases} phases` : ''}${variedText(check)}`;
}

/** ", varies lr and width". */
function variedText(check: Extract<SuiteEntry['check'], { kind: 'ok' }>): string {
  const varied = check.parameters.filter(({ varies }) => varies).map(({ name }) => name);
  if (varied.length === 0) return '.';
  return varied.length > 3 ? `, varies ${varied.length} parameters.` : `, varies ${varied.join(', ')}.`;
}

function problemText(check: Extract<SuiteEntry['check'], { kind: 'problem' }>): string {
  return check.line === null ? check.sentence : `Line ${check.line}: ${check.sentence}`;
}

function historyText({ latest, batches }: SuiteEntry): string {
  if (latest === null) return 'Not run yet.';
  const times = batches > 1 ? `Run ${batches} times, last` : 'Run';
  return `${times} ${formatMoment(latest.createdAt)}.`;
}

/** The last two folders and the file. */
function shortPath(path: string): string {
  const parts = path.split('/');
  return parts.length > 4 ? `…/${parts.slice(-3).join('/')}` : path;
}
