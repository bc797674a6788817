import type { ReactNode } from 'react';
import { useApp, useAppState } from '../app-context.ts';
import { type Command, shownShortcut } from '../commands.ts';
import { isMac } from './platform.ts';

interface ButtonProps {
  readonly children: ReactNode;
  readonly onClick: () => void;
  readonly kind?: 'primary' | 'danger' | 'ghost';
  readonly small?: boolean;
  readonly disabled?: boolean;
  /** Accessible name where the content is only a sign. */
  readonly label?: string;
  readonly title?: string;
}

export function Button({ children, onClick, kind, small, disabled, label, title }: ButtonProps) {
  return (
    <button
      type="button"
      className="button"
      data-kind={kind}
      data-small={small ? '' : undefined}
      disabled={disabled}
      aria-label={label}
      title={title}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

/** A button for a command of the registry: its name, shortcut and whether it can be pressed come from there. */
export function CommandButton({
  id,
  kind,
  small,
  children,
}: {
  id: string;
  kind?: 'primary' | 'danger' | 'ghost';
  small?: boolean;
  children?: ReactNode;
}) {
  const { commands } = useApp();
  const find = (): Command | undefined => commands().find((candidate) => candidate.id === id);
  // Drawn again only when the command reads differently.
  useAppState(() => `${find()?.enabled}/${find()?.title}`);
  const command = find();
  if (!command) return null;
  return (
    <Button
      {...(kind ? { kind } : {})}
      {...(small ? { small } : {})}
      disabled={!command.enabled}
      onClick={command.run}
      {...(command.shortcut ? { title: shownShortcut(command.shortcut, isMac()) } : {})}
    >
      {children ?? command.title}
    </Button>
  );
}
