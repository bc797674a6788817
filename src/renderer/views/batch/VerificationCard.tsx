import { useEffect, useState } from 'react';
import { formatNumber } from '../../../shared/domain/format.ts';
import type { Verification, VerifiedPart } from '../../../shared/model/archive.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';
import type { Column } from '../../widgets/column.ts';
import { DataTable } from '../../widgets/DataTable.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { partAppearance, toldMissing, verdict } from './verification-words.ts';

const COLUMNS: readonly Column<VerifiedPart>[] = [
  { id: 'phase', title: 'Phase', cell: (part) => part.phase, hint: (part) => part.phase },
  { id: 'queue', title: 'Queue', cell: (part) => part.queue, hint: (part) => part.queue },
  count('planned', 'Planned', (part) => part.planned),
  count('postponed', 'Postponed', (part) => part.postponed),
  count('expected', 'Expected', (part) => part.expected),
  count('found', 'Found', (part) => part.found),
  {
    id: 'state',
    title: 'State',
    width: '150px',
    cell: (part) => <StateBadge appearance={partAppearance(part)} quiet />,
  },
];

/** Expected against found for a batch at rest. Nothing is read before it is opened. */
export function VerificationCard({ batch }: { batch: string }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="card verification"
      aria-label="Verification"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        <h2>Verification</h2>
        <span className="quiet tiny">expected against found</span>
      </summary>
      {open ? <Reading batch={batch} /> : null}
    </details>
  );
}

function Reading({ batch }: { batch: string }) {
  const { actions } = useApp();
  const [asked, setAsked] = useState(1);
  const [answer, setAnswer] = useState<{ asked: number; found: Verification | null } | null>(null);

  useEffect(() => {
    let stopped = false;
    void actions.verifyBatch(batch).then((found) => stopped || setAnswer({ asked, found }));
    return () => {
      stopped = true;
    };
  }, [actions, batch, asked]);

  const busy = answer?.asked !== asked;
  const found = answer?.found ?? null;
  return (
    <>
      <div className="verification-line">
        <p role="status" data-tone={found ? (found.complete ? 'succeeded' : 'warning') : undefined}>
          {busy ? 'Reading every result…' : found ? verdict(found) : 'The results could not be read.'}
        </p>
        <Button small disabled={busy} onClick={() => setAsked(asked + 1)}>
          Read again
        </Button>
      </div>
      {found ? <Found found={found} /> : null}
    </>
  );
}

function Found({ found }: { found: Verification }) {
  const { told, more } = toldMissing(found.parts);
  return (
    <>
      <DataTable
        label="Expected against found"
        columns={COLUMNS}
        rows={found.parts}
        rowKey={(part) => JSON.stringify([part.phase, part.queue])}
      />
      {told.length > 0 ? (
        <ul className="verification-missing" aria-label="Missing results">
          {told.map(({ index, name, sentence }) => (
            <li key={index}>
              <span className="mono tiny">{name}</span> {sentence}
            </li>
          ))}
          {more > 0 ? <li className="quiet">and {formatNumber(more)} more</li> : null}
        </ul>
      ) : null}
    </>
  );
}

function count(id: string, title: string, value: (part: VerifiedPart) => number): Column<VerifiedPart> {
  return { id, title, width: '100px', align: 'right', cell: (part) => formatNumber(value(part)) };
}
