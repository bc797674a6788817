import { useApp, useAppState } from '../app-context.ts';
import { shownTheme } from '../state/ui-slice.ts';

/** Switches between light and dark; the palette also offers to follow the system. */
export function ThemeButton() {
  const { actions } = useApp();
  const theme = useAppState(shownTheme);
  const other = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      className="button theme-button"
      data-kind="ghost"
      data-small=""
      aria-label={`Switch to ${other} appearance`}
      title={`Switch to ${other} appearance`}
      onClick={() => actions.chooseTheme(other)}
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <path d="M8 2a6 6 0 0 1 0 12z" fill="currentColor" />
      </svg>
    </button>
  );
}
