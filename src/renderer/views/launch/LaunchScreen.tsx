import { useEffect, useMemo } from 'react';
import { useApp, useAppState } from '../../app-context.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { isSuite, type LaunchForm, readForm } from '../../state/launch-form.ts';
import type { Route } from '../../state/route.ts';
import { CommandButton } from '../../widgets/Button.tsx';
import { EmptyState, Screen } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { DroppedSuiteCard } from './DroppedSuite.tsx';
import { MachineForm } from './MachineForm.tsx';
import { OptionForm } from './OptionForm.tsx';
import { PlanPreview } from './PlanPreview.tsx';
import { PresetBar } from './PresetBar.tsx';
import { PresetCards } from './PresetCards.tsx';
import { PresetSheet } from './PresetSheet.tsx';
import { SuiteForm } from './SuiteForm.tsx';

/** Choose a preset, see what would happen, start it. */
export function LaunchScreen({ route }: { route: Extract<Route, { screen: 'launch' }> }) {
  const { actions, connection } = useApp();
  const workloads = useAppState((state) => state.workloads);
  const form = useAppState((state) => state.form);
  const plan = useAppState((state) => state.plan);
  const starting = useAppState((state) => state.starting);
  const dropped = useAppState((state) => state.dropped);
  const suite = useAppState((state) => state.suite);
  const chosen = route.suite ?? null;

  // Asked anew with every connection: manifests may have changed while the core was away.
  useEffect(
    () =>
      connection.attach(() => {
        void actions.loadWorkloads({ workload: route.workload, preset: route.preset, suite: chosen });
        return () => {};
      }),
    [connection, actions, route.workload, route.preset, chosen],
  );

  const manifest = workloads.value?.workloads.find((candidate) => candidate.name === form?.workload) ?? null;
  const problems = useMemo(() => problemsOf(form, manifest), [form, manifest]);

  if (workloads.value !== null && workloads.value.workloads.length === 0) {
    return (
      <Screen title="Launch" facts="No workload is installed">
        <EmptyState
          title="No workload was found"
          sentence={
            workloads.value.broken[0]?.sentence ??
            'Put a folder with a manifest.yaml under resources/workloads, then reload.'
          }
        />
      </Screen>
    );
  }
  if (form === null || manifest === null) {
    return (
      <Screen title="Launch" facts={workloads.problem ?? 'Reading the workloads…'}>
        {null}
      </Screen>
    );
  }
  const toRun = plan.value?.totals.run ?? 0;
  return (
    <Screen
      title={manifest.title}
      facts={manifest.summary}
      actions={
        <CommandButton id="launch.start" kind="primary">
          {starting
            ? 'Starting…'
            : plan.value === null || toRun === 0
              ? 'Start'
              : `Start ${formatCount(toRun, 'experiment')}`}
        </CommandButton>
      }
    >
      {workloads.value !== null && workloads.value.workloads.length > 1 ? (
        <div className="workload-choice">
          <Segmented
            label="Workload"
            value={manifest.name}
            options={workloads.value.workloads.map((workload) => ({
              value: workload.name,
              title: workload.title,
            }))}
            onChange={(name) => actions.go({ screen: 'launch', workload: name, preset: null })}
          />
        </div>
      ) : null}
      {dropped ? <DroppedSuiteCard dropped={dropped} /> : null}
      <PresetCards manifest={manifest} form={form} />
      <div className="launch-columns">
        <div className="launch-side">
          <PresetBar manifest={manifest} form={form} />
          {form.suite !== null && form.suite.id === suite?.id ? (
            <SuiteForm suite={suite} form={form} problems={problems} />
          ) : manifest.options.length > 0 ? (
            <OptionForm manifest={manifest} form={form} problems={problems} />
          ) : null}
          <MachineForm form={form} ofSuite={isSuite(manifest, form)} problems={problems} />
        </div>
        <PlanPreview plan={plan} manifest={manifest} blocked={Object.keys(problems).length > 0} />
      </div>
      <PresetSheet manifest={manifest} form={form} />
    </Screen>
  );
}

function problemsOf(
  form: LaunchForm | null,
  manifest: Parameters<typeof readForm>[1] | null,
): Readonly<Record<string, string>> {
  if (form === null || manifest === null) return {};
  const reading = readForm(form, manifest);
  return reading.kind === 'problems' ? reading.problems : {};
}
