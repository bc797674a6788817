import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from './Button.tsx';

/** Pixels between a panel and the edge of the window, and what a panel has in any case. */
const EDGE = 12;
const LOWEST = 180;

interface PanelProps {
  /** On the button. */
  readonly title: string;
  readonly label: string;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly kind?: 'primary' | 'ghost';
  readonly small?: boolean;
  /** Names the button for commands of the palette. */
  readonly tool?: string;
  readonly hint?: string;
  readonly role: 'menu' | 'dialog';
  readonly className?: string;
  readonly children: ReactNode;
}

/** A button with a panel below it. Escape and a press elsewhere close it; arrows move through what can be pressed there. */
export function Panel(props: PanelProps) {
  const { title, label, open, onOpen, kind, small, tool, hint, role, className, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!open || !panel.current) return;
    const room = innerHeight - panel.current.getBoundingClientRect().top - EDGE;
    panel.current.style.maxHeight = `${Math.max(LOWEST, room)}px`;
    entriesOf(panel.current)[0]?.focus();
  }, [open]);

  // Also where what had the focus is gone from the panel.
  useEffect(() => {
    if (!open) return;
    function pressed(event: globalThis.KeyboardEvent): void {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onOpen(false);
      box.current?.querySelector('button')?.focus();
    }
    addEventListener('keydown', pressed, { capture: true });
    return () => removeEventListener('keydown', pressed, { capture: true });
  }, [open, onOpen]);

  function onKeyDown(event: KeyboardEvent): void {
    if (!open) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || event.altKey) return;
    event.preventDefault();
    const entries = entriesOf(panel.current);
    const at = entries.findIndex((entry) => entry === document.activeElement);
    entries[(at + step + entries.length) % entries.length]?.focus();
  }

  return (
    <div
      ref={box}
      className="menu-box"
      data-tool={tool}
      onKeyDown={onKeyDown}
      onBlur={(event) => {
        if (event.relatedTarget !== null && !box.current?.contains(event.relatedTarget)) onOpen(false);
      }}
    >
      <Button
        {...(kind ? { kind } : {})}
        {...(small ? { small } : {})}
        {...(hint ? { title: hint } : {})}
        onClick={() => onOpen(!open)}
      >
        {title}
      </Button>
      {open ? (
        <>
          <div className="menu-outside" onPointerDown={() => onOpen(false)} />
          <div ref={panel} className={`menu ${className ?? ''}`} role={role} aria-label={label}>
            {children}
          </div>
        </>
      ) : null}
    </div>
  );
}

/** What the arrows move through: fields, and the first control of each line. */
function entriesOf(panel: HTMLElement | null): readonly HTMLElement[] {
  return [...(panel?.querySelectorAll<HTMLElement>('[role="menuitem"], [data-entry]') ?? [])];
}
