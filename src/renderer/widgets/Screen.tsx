import type { ReactNode } from 'react';

interface ScreenProps {
  readonly title: string;
  /** One line of facts under the title. */
  readonly facts: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** Header and body that every screen has. */
export function Screen({ title, facts, actions, children }: ScreenProps) {
  return (
    <div className="screen">
      <header className="screen-header">
        <div className="screen-title">
          <h1 className="truncate">{title}</h1>
          <p className="truncate">{facts}</p>
        </div>
        <div className="screen-actions">{actions}</div>
      </header>
      <div className="screen-body">{children}</div>
    </div>
  );
}

interface CardProps {
  readonly title?: string;
  readonly head?: ReactNode;
  readonly className?: string;
  readonly label?: string;
  /** Takes a wider place in a grid. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

export function Card({ title, head, className, label, wide, children }: CardProps) {
  return (
    <section
      className={className ? `card ${className}` : 'card'}
      aria-label={label ?? title}
      data-wide={wide ? '' : undefined}
    >
      {title || head ? (
        <div className="card-head">
          {title ? <h2>{title}</h2> : null}
          {head}
        </div>
      ) : null}
      {children}
    </section>
  );
}

/** A large figure with what it means underneath. */
export function Figure({ value, label, tone }: { value: string; label: ReactNode; tone?: string }) {
  return (
    <div className="figure" data-tone={tone}>
      <div className="figure-number">{value}</div>
      <div className={tone ? 'figure-label toned' : 'figure-label'}>{label}</div>
    </div>
  );
}

/** A first or empty screen: what will be here, and the one next step. */
export function EmptyState({
  title,
  sentence,
  picture,
  children,
}: {
  title: string;
  sentence: string;
  picture?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="empty">
      {picture}
      <h2>{title}</h2>
      <p>{sentence}</p>
      {children}
    </div>
  );
}
