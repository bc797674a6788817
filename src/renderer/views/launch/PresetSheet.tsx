import { type FormEvent, useEffect, useRef, useState } from 'react';
import { presetName } from '../../../shared/domain/own-preset.ts';
import type { Manifest } from '../../../shared/model/workload.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { type LaunchForm, presetOf } from '../../state/launch-form.ts';
import type { PresetSheet as Sheet } from '../../state/presets-slice.ts';
import { Button } from '../../widgets/Button.tsx';
import { TextField } from './Field.tsx';

/** Asks for the name of a preset that is saved or renamed. Escape means no. */
export function PresetSheet({ manifest, form }: { manifest: Manifest; form: LaunchForm }) {
  const sheet = useAppState((state) => state.presetSheet);
  return sheet === null ? null : <OpenSheet sheet={sheet} manifest={manifest} form={form} />;
}

function OpenSheet({ sheet, manifest, form }: { sheet: Sheet; manifest: Manifest; form: LaunchForm }) {
  const { actions, store } = useApp();
  const dialog = useRef<HTMLDialogElement>(null);
  const preset = presetOf(manifest, form.preset);
  const [words, setWords] = useState({
    title: sheet === 'rename' ? (preset?.title ?? '') : '',
    summary: sheet === 'rename' ? (preset?.own?.summary ?? '') : '',
  });
  const [problem, setProblem] = useState<string | undefined>(undefined);

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  const close = (): void => store.getState().presetSheetShown(null);
  const empty = words.title.trim() === '';

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (empty) return;
    const found = await (sheet === 'save' ? actions.savePreset(words) : actions.renamePreset(words));
    if (found === null) close();
    else setProblem(found);
  }

  return (
    <dialog
      ref={dialog}
      className="confirm preset-sheet"
      aria-label={sheet === 'save' ? 'Save as preset' : 'Rename the preset'}
      onClose={close}
    >
      <h3>{sheet === 'save' ? 'Save as preset' : `Rename ${preset?.title ?? ''}`}</h3>
      <form onSubmit={(event) => void submit(event)}>
        <div className="fields">
          <TextField
            wide
            label="Name"
            value={words.title}
            problem={problem}
            help={
              empty
                ? 'As you will look for it.'
                : `Runs as “minibatch run ${manifest.name}/${presetName(words.title)}”.`
            }
            onChange={(title) => {
              setProblem(undefined);
              setWords({ ...words, title });
            }}
          />
          <TextField
            wide
            label="What it is for"
            placeholder="What differs, if you leave it empty"
            value={words.summary}
            onChange={(summary) => setWords({ ...words, summary })}
          />
        </div>
        <div className="confirm-actions">
          <Button onClick={close}>Cancel</Button>
          <button type="submit" className="button" data-kind="primary" disabled={empty}>
            {sheet === 'save' ? 'Save' : 'Rename'}
          </button>
        </div>
      </form>
    </dialog>
  );
}
