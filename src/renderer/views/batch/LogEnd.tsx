import { type KeyboardEvent, useRef, useSyncExternalStore } from 'react';
import type { LogFeed } from '../../live/log-feed.ts';
import { LogLine } from './LogLine.tsx';

/** Lines that can be scrolled back to before the whole log is listed; more than any screen holds. */
const LINES = 200;

/** So far from the end, in pixels, somebody wants to read and not to follow. */
const LEAVE = 24;

interface LogEndProps {
  readonly feed: LogFeed;
  readonly name: string;
  /** Somebody scrolls back; `line` is the first one in sight, from 0. */
  readonly onLeave: (line: number) => void;
}

/**
 * The end of a log that grows. The browser itself keeps it in sight, because the box is laid out from below: nothing is
 * measured and nothing scrolled, so that a new line costs one frame.
 */
export function LogEnd({ feed, name, onLeave }: LogEndProps) {
  const { shape } = useSyncExternalStore(feed.onChange, feed.snapshot);
  const box = useRef<HTMLDivElement>(null);
  const first = Math.max(0, shape.totalLines - LINES);
  const numbers = Array.from({ length: shape.totalLines - first }, (_, at) => first + at);

  function onScroll(): void {
    if (box.current !== null && box.current.scrollTop < -LEAVE) onLeave(first + firstInSight(box.current));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Home') onLeave(0);
  }

  return (
    <div
      ref={box}
      className="log-lines log-end"
      role="log"
      aria-label={`Log of ${name}`}
      tabIndex={0}
      onScroll={onScroll}
      onKeyDown={onKeyDown}
    >
      <div>
        {numbers.map((number) => (
          <LogLine
            key={number}
            number={number}
            text={feed.line(number)}
            hit={false}
            current={false}
            search={null}
          />
        ))}
      </div>
    </div>
  );
}

/** Place among the listed lines, from 0. */
function firstInSight(box: HTMLElement): number {
  const top = box.getBoundingClientRect().top;
  const lines = [...(box.firstElementChild?.children ?? [])];
  return Math.max(
    0,
    lines.findIndex((line) => line.getBoundingClientRect().bottom > top),
  );
}
