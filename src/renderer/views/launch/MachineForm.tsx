import { useApp, useAppState } from '../../app-context.ts';
import { formatBytes } from '../../../shared/domain/format.ts';
import type { Profile } from '../../../shared/model/plan.ts';
import type { DeviceChoice } from '../../../shared/model/workload.ts';
import type { LaunchForm } from '../../state/launch-form.ts';
import { Card } from '../../widgets/Screen.tsx';
import { Segmented } from '../../widgets/Segmented.tsx';
import { LimitsPreview } from './LimitsPreview.tsx';
import { CheckField, ChoiceField, TextField } from './Field.tsx';

const profiles: readonly { readonly value: Profile; readonly title: string; readonly help: string }[] = [
  { value: 'minimal', title: 'Minimal', help: 'One run at a time; the machine stays free for other work.' },
  { value: 'conservative', title: 'Conservative', help: 'Fewer workers than the machine could take.' },
  {
    value: 'aggressive',
    title: 'Aggressive',
    help: 'As many workers as memory, cores and the device allow.',
  },
  { value: 'custom', title: 'Custom', help: 'The worker count that you name.' },
];

const devices: readonly { readonly value: DeviceChoice; readonly title: string }[] = [
  { value: 'auto', title: 'Automatic' },
  { value: 'mps', title: 'Apple GPU (mps)' },
  { value: 'cuda', title: 'NVIDIA GPU (cuda)' },
  { value: 'cpu', title: 'CPU' },
];

const whenFailed: readonly { readonly value: LaunchForm['whenFailed']; readonly title: string }[] = [
  { value: 'go-on', title: 'Go on with the others' },
  { value: 'stop', title: 'Start nothing new' },
];

/** How much of the machine the batch may use. What a suite may say as well is left to it unless it is chosen here. */
export function MachineForm({
  form,
  ofSuite,
  problems,
}: {
  form: LaunchForm;
  ofSuite: boolean;
  problems: Readonly<Record<string, string>>;
}) {
  const { actions } = useApp();
  const hardware = useAppState((state) => state.hardware);
  const unsaid = (otherwise: string): string => (ofSuite ? 'as the suite says' : otherwise);
  const text = (
    name:
      | 'workers'
      | 'memoryGb'
      | 'seed'
      | 'threads'
      | 'retries'
      | 'retryDelay'
      | 'timeoutMinutes'
      | 'startFrom'
      | 'only',
  ) => ({
    value: form[name],
    problem: problems[name],
    numeric: true,
    onChange: (value: string) => actions.changeForm({ [name]: value }),
  });
  return (
    <Card
      title="Machine"
      head={
        <span className="quiet small truncate">
          {hardware ? `${hardware.chip}, ${hardware.cores} cores, ${formatBytes(hardware.memoryBytes)}` : ''}
        </span>
      }
    >
      <div className="card-body">
        <Segmented
          label="Profile"
          value={form.profile}
          options={profiles}
          onChange={(profile) =>
            actions.changeForm(profile === 'custom' ? { profile } : { profile, workers: '' })
          }
        />
        <p className="field-help profile-help">
          {profiles.find((profile) => profile.value === form.profile)?.help}
        </p>
        <LimitsPreview />
        <div className="fields">
          <ChoiceField
            label="Device"
            value={ofSuite ? form.device : form.device || 'auto'}
            choices={ofSuite ? [{ value: '', title: 'As the suite says' }, ...devices] : devices}
            onChange={(device) =>
              actions.changeForm({
                device: devices.find((choice) => choice.value === device)?.value ?? '',
              })
            }
          />
          <TextField
            label="Workers"
            placeholder="automatic"
            {...text('workers')}
            onChange={(workers) =>
              actions.changeForm({ workers, profile: workers.trim() === '' ? 'aggressive' : 'custom' })
            }
          />
          <TextField label="Memory" unit="GB" placeholder="80 % of the machine" {...text('memoryGb')} />
          <TextField label="Seed" {...text('seed')} />
        </div>
        <details className="more">
          <summary>More settings</summary>
          <div className="fields">
            <TextField label="Threads per run" placeholder={unsaid('1')} {...text('threads')} />
            <TextField label="Retries after a failure" placeholder={unsaid('0')} {...text('retries')} />
            <TextField
              label="Wait before a retry"
              unit="s"
              placeholder={unsaid('0')}
              help="Doubled before each further one."
              {...text('retryDelay')}
            />
            <ChoiceField
              label="When one fails"
              value={ofSuite ? form.whenFailed : form.whenFailed || 'go-on'}
              choices={ofSuite ? [{ value: '', title: 'As the suite says' }, ...whenFailed] : whenFailed}
              onChange={(chosen) =>
                actions.changeForm({
                  whenFailed: whenFailed.find((choice) => choice.value === chosen)?.value ?? '',
                })
              }
            />
            <TextField
              label="Time limit per run"
              unit="min"
              placeholder={unsaid('none')}
              {...text('timeoutMinutes')}
            />
            <TextField label="Start from index" {...text('startFrom')} />
            <TextField label="Only these indices" placeholder="all" {...text('only')} />
          </div>
        </details>
        <CheckField
          label="Run again what is already done"
          help="The older attempt stays on disk; the newer one counts."
          checked={form.forceOverwrite}
          onChange={(forceOverwrite) => actions.changeForm({ forceOverwrite })}
        />
      </div>
    </Card>
  );
}
