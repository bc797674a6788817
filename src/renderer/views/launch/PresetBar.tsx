import type { Manifest } from '../../../shared/model/workload.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { baseTexts, formChanges, type LaunchForm, presetOf } from '../../state/launch-form.ts';
import { machineTexts, NO_SETTINGS, SETTING_TITLES } from '../../state/machine-form.ts';
import { Button, CommandButton } from '../../widgets/Button.tsx';

/** What of the form differs from its preset, and what can be kept of that. */
export function PresetBar({ manifest, form }: { manifest: Manifest; form: LaunchForm }) {
  const { actions } = useApp();
  const suite = useAppState((state) => state.suite);
  const preset = presetOf(manifest, form.preset);
  const { options, machine } = formChanges(form, manifest);
  const changed = [...options, ...machine.map((name) => SETTING_TITLES[name])];
  const title = preset?.title ?? suite?.name ?? 'the suite';
  const own = preset?.own;

  function undo(): void {
    actions.changeForm({
      ...baseTexts(form, manifest),
      ...(own ? machineTexts(own.machine) : NO_SETTINGS),
    });
  }

  return (
    <section className="card preset-bar" aria-label="Preset as it is set">
      <div className="preset-line">
        <p className="small preset-changes" title={changed.join(', ')}>
          <strong>{title}</strong>{' '}
          <span className="quiet">
            {changed.length === 0 ? 'as it is' : `with other ${changed.join(', ')}`}
          </span>
        </p>
        <span className="preset-own">
          {changed.length > 0 ? (
            <Button small kind="ghost" onClick={undo}>
              Undo
            </Button>
          ) : own ? (
            <>
              <CommandButton id="launch.rename-preset" small kind="ghost">
                Rename…
              </CommandButton>
              <CommandButton id="launch.remove-preset" small kind="ghost">
                Remove…
              </CommandButton>
            </>
          ) : null}
        </span>
      </div>
      <div className="preset-acts">
        {own && changed.length > 0 ? (
          <CommandButton id="launch.change-preset" small kind="primary">
            Save changes
          </CommandButton>
        ) : null}
        <CommandButton id="launch.save-preset" small />
      </div>
    </section>
  );
}
