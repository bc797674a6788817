import type { BatchRecord } from '../shared/model/batch.ts';
import type { Actions } from './actions.ts';
import { canPause, canResume, canStop, presetFacts, retryCount, retryTitle } from './state/selectors.ts';
import type { AppState } from './state/app-state.ts';
import { batchRoute, suiteRoute } from './state/route.ts';

/** Something a person can do. Palette, buttons and shortcuts all come from this list. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Go to' | 'Batch' | 'Launch' | 'Setup' | 'Window';
  /** As `mod+k`, `mod+shift+s` or `/`; `mod` is Command on a Mac, Control elsewhere. */
  readonly shortcut?: string;
  /** False = shown greyed on its button and left out of the palette. */
  readonly enabled: boolean;
  readonly run: () => void;
}

/** Every command as the state has it now. Pure: nothing happens until `run`. */
export function listCommands(state: AppState, actions: Actions): readonly Command[] {
  return [
    ...screenCommands(actions),
    ...launchCommands(state, actions),
    ...presetCommands(state, actions),
    ...batchCommands(state, actions),
    ...setupCommands(state, actions),
    ...windowCommands(state, actions),
  ];
}

function screenCommands(actions: Actions): readonly Command[] {
  const go = (id: string, title: string, shortcut: string, run: () => void): Command => ({
    id: `go.${id}`,
    title,
    group: 'Go to',
    shortcut,
    enabled: true,
    run,
  });
  return [
    go('launch', 'Launch', 'mod+1', () => actions.go({ screen: 'launch', workload: null, preset: null })),
    go('batches', 'Batches', 'mod+2', () => actions.go({ screen: 'batches' })),
    go('results', 'Results', 'mod+3', () =>
      actions.go({ screen: 'results', workload: null, batch: null, plot: 'scatter' }),
    ),
    go('machine', 'Machine', 'mod+4', () => actions.go({ screen: 'machine', range: 300 })),
    go('setup', 'Setup', 'mod+5', () => actions.go({ screen: 'setup' })),
  ];
}

/** What a person does about this machine; offered where it is shown. */
function setupCommands(state: AppState, actions: Actions): readonly Command[] {
  if (state.route.screen !== 'setup') return [];
  const report = state.setup.value;
  const preparing = state.setupJob.kind === 'running';
  const entry = (id: string, title: string, enabled: boolean, run: () => void): Command => ({
    id: `setup.${id}`,
    title,
    group: 'Setup',
    enabled,
    run,
  });
  return [
    entry('check', 'Check this machine again', true, () => void actions.loadSetup(true)),
    entry('copy', 'Copy the setup report', report !== null, () => void actions.copySetup()),
    entry(
      'prepare',
      'Prepare Python',
      !preparing && report !== null && report.preparing.blocked === null,
      () => void actions.preparePython(),
    ),
    entry('cancel', 'Cancel preparing Python', preparing, () => void actions.cancelPreparing()),
    entry(
      'automatic',
      'Choose the Python automatically',
      report?.choice === 'chosen',
      () => void actions.choosePython(null),
    ),
  ];
}

function launchCommands(state: AppState, actions: Actions): readonly Command[] {
  const presets = (state.workloads.value?.workloads ?? []).flatMap((workload) =>
    workload.presets.map((preset) => ({
      workload: workload.name,
      preset: preset.name,
      title: `${preset.title} · ${workload.title}`,
    })),
  );
  const ready =
    state.plan.value !== null && !state.plan.busy && state.plan.problem === null && !state.starting;
  return [
    {
      id: 'launch.start',
      title: 'Start this batch',
      group: 'Launch',
      shortcut: 'mod+enter',
      enabled: state.route.screen === 'launch' && ready,
      run: () => void actions.startBatch(),
    },
    {
      id: 'launch.open-suite',
      title: 'Open suite…',
      group: 'Launch',
      shortcut: 'mod+o',
      enabled: true,
      run: () => void actions.chooseSuite(),
    },
    ...(state.suites.value ?? []).map(
      (suite): Command => ({
        id: `launch.suite.${suite.id}`,
        title: `Launch ${suite.name} · ${suite.path}`,
        group: 'Launch',
        enabled: true,
        run: () => actions.go(suiteRoute(suite.id)),
      }),
    ),
    ...presets.map(
      (preset): Command => ({
        id: `launch.${preset.workload}.${preset.preset}`,
        title: `Launch ${preset.title}`,
        group: 'Launch',
        enabled: true,
        run: () => actions.go({ screen: 'launch', workload: preset.workload, preset: preset.preset }),
      }),
    ),
  ];
}

/** What can be done with the launch form and with the own preset that is chosen there. */
function presetCommands(state: AppState, actions: Actions): readonly Command[] {
  const facts = presetFacts(state);
  const entry = (id: string, title: string, enabled: boolean, run: () => void): Command => ({
    id: `launch.${id}-preset`,
    title,
    group: 'Launch',
    enabled: state.route.screen === 'launch' && facts !== null && enabled,
    run,
  });
  const own = facts?.own ?? false;
  const title = facts?.title ?? '';
  return [
    entry('save', 'Save as preset…', facts?.sound ?? false, () => state.presetSheetShown('save')),
    entry('change', `Save changes in ${title}`, own && facts !== null && facts.changed && facts.sound, () => {
      void actions.savePresetChanges();
    }),
    entry('rename', `Rename ${title}…`, own, () => state.presetSheetShown('rename')),
    entry('remove', `Remove ${title}…`, own, () =>
      state.asked({
        title: `Remove ${title}?`,
        sentence:
          "Its file moves to the workspace's trash folder. Batches that were run with it stay as they are.",
        answer: 'Move to trash',
        command: 'launch.remove-preset-now',
      }),
    ),
  ];
}

/** The batch that the batch screen shows, if it does. */
function shownBatch(state: AppState): BatchRecord | null {
  return state.route.screen === 'batch' ? (state.batches?.[state.route.batch] ?? null) : null;
}

function batchCommands(state: AppState, actions: Actions): readonly Command[] {
  const others = Object.values(state.batches ?? {}).map(
    (batch): Command => ({
      id: `go.batch.${batch.id}`,
      title: `${batch.title} · ${batch.id}`,
      group: 'Go to',
      enabled: true,
      run: () => actions.go(batchRoute(batch.id)),
    }),
  );
  const batch = shownBatch(state);
  if (batch === null) return others;
  const entry = (id: string, title: string, enabled: boolean, run: () => void): Command => ({
    id: `batch.${id}`,
    title,
    group: 'Batch',
    enabled,
    run,
  });
  return [
    entry('pause', 'Pause', canPause(batch), () => void actions.pauseBatch(batch.id)),
    entry('resume', 'Resume', canResume(batch), () => void actions.resumeBatch(batch.id)),
    entry('stop', 'Stop at checkpoint', canStop(batch), () => void actions.stopBatch(batch.id, 'checkpoint')),
    entry('cancel', 'End all runs now…', canStop(batch), () =>
      state.asked({
        title: 'End all runs now?',
        sentence: 'Work since the last checkpoint of each run is lost. "Stop at checkpoint" loses nothing.',
        answer: 'End now',
        command: 'batch.cancel-now',
      }),
    ),
    entry('retry', retryTitle(batch), retryCount(batch) > 0, () => void actions.retryBatch(batch.id)),
    entry(
      'more-workers',
      'One more worker',
      canStop(batch) && batch.workers < 64,
      () => void actions.setWorkers(batch.id, batch.workers + 1),
    ),
    entry(
      'fewer-workers',
      'One worker fewer',
      canStop(batch) && batch.workers > 1,
      () => void actions.setWorkers(batch.id, batch.workers - 1),
    ),
    entry('columns', 'Columns of the experiments…', true, () => pressTool('columns')),
    entry('group', 'Group the experiments…', true, () => focusTool('group')),
    entry('export-table', 'Copy or export the table of experiments…', true, () => pressTool('export')),
    entry('again', 'Edit and launch again', true, () => void actions.cloneBatch(batch)),
    entry('compare', 'Compare results of this batch', batch.counts.succeeded > 0, () =>
      actions.go({ screen: 'results', workload: batch.workload, batch: batch.id, plot: 'scatter' }),
    ),
    entry('remove', 'Move to trash…', !canStop(batch), () =>
      state.asked({
        title: `Move ${batch.title} to the trash?`,
        sentence: `Its folder ${batch.id} moves to the workspace's trash folder, with logs and results. Nothing is deleted.`,
        answer: 'Move to trash',
        command: 'batch.remove-now',
      }),
    ),
    ...others,
  ];
}

function windowCommands(state: AppState, actions: Actions): readonly Command[] {
  const theme = (id: 'system' | 'light' | 'dark', title: string): Command => ({
    id: `window.theme.${id}`,
    title,
    group: 'Window',
    enabled: state.theme !== id,
    run: () => actions.chooseTheme(id),
  });
  return [
    {
      id: 'window.palette',
      title: 'Commands',
      group: 'Window',
      shortcut: 'mod+k',
      enabled: true,
      run: () => state.paletteToggled(true),
    },
    {
      id: 'window.shortcuts',
      title: 'Keyboard shortcuts',
      group: 'Window',
      shortcut: '?',
      enabled: true,
      run: () => state.shortcutsToggled(true),
    },
    theme('light', 'Light appearance'),
    theme('dark', 'Dark appearance'),
    theme('system', 'Appearance of the system'),
  ];
}

/** A tool of a table is where the table is: it knows what is shown. */
function pressTool(tool: string): void {
  document.querySelector<HTMLElement>(`[data-tool="${tool}"] > button`)?.click();
}

function focusTool(tool: string): void {
  document.querySelector<HTMLElement>(`[data-tool="${tool}"]`)?.focus();
}

/** What a confirmed question does: the commands that a palette must not run without asking. */
export function runConfirmed(command: string, state: AppState, actions: Actions): void {
  const { form } = state;
  if (command === 'launch.remove-preset-now' && form) void actions.removePreset(form.workload, form.preset);
  const batch = shownBatch(state);
  if (batch === null) return;
  if (command === 'batch.cancel-now') void actions.stopBatch(batch.id, 'cancel');
  if (command === 'batch.remove-now') {
    void actions.removeBatch(batch.id).then(() => actions.go({ screen: 'batches' }));
  }
}

/** Whether a key press is a shortcut such as `mod+shift+s`. */
export function matchesShortcut(event: KeyboardEvent, shortcut: string, mac: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const mod = mac ? event.metaKey : event.ctrlKey;
  const other = mac ? event.ctrlKey : event.metaKey;
  return (
    mod === parts.includes('mod') &&
    !other &&
    !event.altKey &&
    // On most keyboards a sign such as ? needs Shift, which is then no part of the shortcut.
    (event.shiftKey === parts.includes('shift') || !/^[a-z0-9]/.test(key)) &&
    event.key.toLowerCase() === key
  );
}

/** A shortcut as people read it: ⌘K on a Mac, Ctrl K elsewhere. */
export function shownShortcut(shortcut: string, mac: boolean): string {
  const words: Record<string, string> = mac
    ? { mod: '⌘', shift: '⇧', enter: '↩' }
    : { mod: 'Ctrl', shift: 'Shift', enter: 'Enter' };
  return shortcut
    .split('+')
    .map((part) => words[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(mac ? '' : ' ');
}
