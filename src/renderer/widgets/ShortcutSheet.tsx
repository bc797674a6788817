import { useEffect, useRef } from 'react';
import { useApp, useAppState } from '../app-context.ts';
import { shownShortcut } from '../commands.ts';
import { isMac } from './platform.ts';
import { shortcutGroups } from './shortcut-groups.ts';

/** Every key and command of the screen at hand. Escape closes. */
export function ShortcutSheet() {
  const open = useAppState((state) => state.shortcutsOpen);
  return open ? <OpenSheet /> : null;
}

function OpenSheet() {
  const { commands, store } = useApp();
  const onBatch = useAppState((state) => state.route.screen === 'batch');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const close = (): void => store.getState().shortcutsToggled(false);
  return (
    <dialog
      ref={dialog}
      className="shortcuts"
      aria-label="Keyboard shortcuts"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <h3>Keyboard shortcuts</h3>
      <div className="shortcuts-columns">
        {shortcutGroups(commands()).map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h4>{group.title}</h4>
            <ul>
              {group.entries.map(({ title, shortcut, enabled }) => (
                <li key={title} data-disabled={enabled ? undefined : ''}>
                  <span className="truncate">{title}</span>
                  {shortcut === null ? null : <kbd className="key">{shownShortcut(shortcut, isMac())}</kbd>}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <p className="small quiet">
        Commands without a key are in the list of commands, {shownShortcut('mod+k', isMac())}.
        {onBatch ? '' : ' Those of a batch appear here while a batch is shown.'}
      </p>
    </dialog>
  );
}
