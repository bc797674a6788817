import { LiveText } from './LiveText.tsx';
import type { Tone } from './tone.ts';

interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1; null = not known, drawn as an empty track. */
  readonly fraction: number | null;
  readonly tone?: Tone;
  /** The value in words, for screen readers. */
  readonly text?: string;
}

export function ProgressBar({ label, fraction, tone = 'running', text }: ProgressBarProps) {
  const percent = fraction === null ? 0 : Math.min(100, Math.max(0, fraction * 100));
  return (
    <div
      className="bar"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(fraction === null ? {} : { 'aria-valuenow': Math.round(percent) })}
      {...(text === undefined ? {} : { 'aria-valuetext': text })}
      data-tone={tone}
    >
      {/* Moved, not widened: that needs no new layout of the page. */}
      <span style={{ transform: `translateX(${percent - 100}%)` }} />
    </div>
  );
}

/** A labelled bar with its value in words, as at the foot of the sidebar. */
export function Meter({
  label,
  value,
  fraction,
  tone,
}: {
  label: string;
  value: string;
  fraction: number | null;
  tone: Tone;
}) {
  return (
    <div>
      <div className="meter-label">
        <span>{label}</span>
        <span className="meter-value">
          <LiveText>{value}</LiveText>
        </span>
      </div>
      {fraction === null ? null : <ProgressBar label={label} fraction={fraction} tone={tone} text={value} />}
    </div>
  );
}
