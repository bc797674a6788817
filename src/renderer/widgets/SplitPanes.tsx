import { type CSSProperties, type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { PANE_SHARE, readPaneShare } from '../state/pane-share.ts';
import { useMedia } from './use-media.ts';

/** The window has room for both panes beside each other; the style sheet has the same. */
const BESIDE = '(min-width: 2000px)';

/** How far a key moves the line between the panes, as a share. */
const STEP = 0.02;

interface SplitPanesProps {
  readonly first: ReactNode;
  /** Null = the first one has all the room. */
  readonly second: ReactNode | null;
  /** The second pane's part, 0 to 1. */
  readonly share: number;
  readonly onShare: (share: number) => void;
  /** What the line divides, for screen readers. */
  readonly label: string;
}

/** Two panes with a line between them that can be dragged, or moved by the arrow keys; a double click puts it back. */
export function SplitPanes({ first, second, share, onShare, label }: SplitPanesProps) {
  const box = useRef<HTMLDivElement>(null);
  const beside = useMedia(BESIDE);

  function shareAt(event: PointerEvent): number {
    const room = box.current?.getBoundingClientRect();
    if (room === undefined) return share;
    const part = beside
      ? (room.right - event.clientX) / room.width
      : (room.bottom - event.clientY) / room.height;
    return readPaneShare(part);
  }

  function onPointerMove(event: PointerEvent<HTMLDivElement>): void {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onShare(shareAt(event));
  }

  function onKeyDown(event: KeyboardEvent): void {
    const moved = {
      [beside ? 'ArrowLeft' : 'ArrowUp']: share + STEP,
      [beside ? 'ArrowRight' : 'ArrowDown']: share - STEP,
      Home: PANE_SHARE.most,
      End: PANE_SHARE.least,
      Enter: PANE_SHARE.usual,
    }[event.key];
    if (moved === undefined) return;
    event.preventDefault();
    onShare(readPaneShare(moved));
  }

  if (second === null) return <div className="split-panes">{first}</div>;
  const style = { '--first': `${1 - share}fr`, '--second': `${share}fr` } as CSSProperties;
  return (
    <div ref={box} className="split-panes" data-split="" style={style}>
      {first}
      <div
        className="split-line"
        role="separator"
        aria-label={label}
        aria-orientation={beside ? 'vertical' : 'horizontal'}
        aria-valuemin={PANE_SHARE.least * 100}
        aria-valuemax={PANE_SHARE.most * 100}
        aria-valuenow={Math.round(share * 100)}
        tabIndex={0}
        title="Drag to give a pane more room; double-click for the usual parts"
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={onPointerMove}
        onDoubleClick={() => onShare(PANE_SHARE.usual)}
        onKeyDown={onKeyDown}
      />
      {second}
    </div>
  );
}
