import { useEffect, useRef } from 'react';
import type { SuiteCheck } from '../../../shared/model/suite-entry.ts';

/** The text of a suite with line numbers, and what is wrong with it at the line where it is. */
export function SuiteText({ name, text, check }: { name: string; text: string; check: SuiteCheck }) {
  const marked = useRef<HTMLLIElement>(null);
  const problem = check.kind === 'problem' ? check : null;
  const lines = text.replace(/\n$/, '').split('\n');
  const line = problem?.line ?? null;

  useEffect(() => {
    if (line !== null) marked.current?.scrollIntoView({ block: 'nearest' });
  }, [line]);

  return (
    <ol className="suite-text mono" aria-label={`Text of ${name}`} tabIndex={0}>
      {lines.map((content, at) => (
        // A line has no other name than its number.
        <li
          key={at}
          ref={at + 1 === line ? marked : null}
          data-problem={at + 1 === line ? '' : undefined}
          data-tone={at + 1 === line ? 'failed' : undefined}
        >
          <code>{content === '' ? ' ' : content}</code>
          {at + 1 === line && problem ? (
            <p className="suite-problem" role="alert">
              {problem.key === null ? null : <strong>{problem.key}</strong>} {problem.sentence}
            </p>
          ) : null}
        </li>
      ))}
    </ol>
  );
}
