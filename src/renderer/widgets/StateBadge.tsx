import type { Appearance, Mark } from './tone.ts';

/** A state's shape, in its colour. */
export function StateMark({ mark }: { mark: Mark }) {
  return (
    <svg className="state-mark" viewBox="0 0 10 10" aria-hidden="true">
      {shapeOf(mark)}
    </svg>
  );
}

/** Shape and word of a state. */
export function StateBadge({ appearance, quiet }: { appearance: Appearance; quiet?: boolean }) {
  return (
    <span className="state" data-tone={appearance.tone} data-state={appearance.word}>
      <StateMark mark={appearance.mark} />
      <span className={quiet ? '' : 'toned'}>{appearance.word}</span>
    </span>
  );
}

function shapeOf(mark: Mark) {
  const stroke = { fill: 'none', stroke: 'var(--tone)', strokeWidth: 1.6, strokeLinecap: 'round' } as const;
  switch (mark) {
    case 'dot':
      return <circle cx="5" cy="5" r="4" fill="var(--tone)" />;
    case 'ring':
      return <circle cx="5" cy="5" r="3.4" {...stroke} />;
    case 'half':
      return (
        <>
          <circle cx="5" cy="5" r="3.4" {...stroke} />
          <path d="M5 1.600a3.400 3.400 0 0 1 0 6.800z" fill="var(--tone)" />
        </>
      );
    case 'bars':
      return <path d="M3 1.500v7M7 1.500v7" {...stroke} strokeWidth={2} />;
    case 'check':
      return <path d="M1.300 5.300l2.500 2.500 5-5.600" {...stroke} strokeLinejoin="round" />;
    case 'dash':
      return <path d="M1.500 5h7" {...stroke} />;
    case 'cross':
      return <path d="M2 2l6 6M8 2l-6 6" {...stroke} />;
    case 'triangle':
      return <path d="M5 1l4.500 8h-9z" fill="var(--tone)" />;
  }
}
