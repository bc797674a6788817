import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useApp, useAppState } from '../app-context.ts';
import { type Command, shownShortcut } from '../commands.ts';
import { matchCommands } from './match-commands.ts';
import { isMac } from './platform.ts';

/** Every command by name. Arrows choose, Enter runs, Escape closes. */
export function Palette() {
  const open = useAppState((state) => state.paletteOpen);
  return open ? <OpenPalette /> : null;
}

function OpenPalette() {
  const { commands, store } = useApp();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const found = matchCommands(commands(), query);
  const active = found[at] ? `palette-${found[at].id}` : null;

  useEffect(() => {
    dialog.current?.showModal();
  }, []);

  useEffect(() => {
    if (active !== null) document.getElementById(active)?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function close(): void {
    store.getState().paletteToggled(false);
  }

  function run(command: Command | undefined): void {
    if (!command) return;
    close();
    command.run();
  }

  function onKeyDown(event: KeyboardEvent): void {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((at + step + found.length) % Math.max(1, found.length));
    }
    if (event.key === 'Enter') run(found[at]);
  }

  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label="Commands"
      onClose={close}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <input
        className="palette-input"
        role="combobox"
        aria-label="Command"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={active ?? undefined}
        placeholder="Type a command, a preset or a batch"
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="palette-list" className="palette-list" role="listbox" aria-label="Commands">
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setAt(index)}
            onClick={() => run(command)}
          >
            <span className="truncate">{command.title}</span>
            <span className="palette-group">{command.group}</span>
            {command.shortcut ? <kbd className="key">{shownShortcut(command.shortcut, isMac())}</kbd> : null}
          </li>
        ))}
        {found.length === 0 ? <li className="palette-none">No command is called that.</li> : null}
      </ul>
    </dialog>
  );
}
