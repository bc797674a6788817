import { useEffect, useRef } from 'react';
import { formatMoment } from '../../../shared/domain/format.ts';
import type { SetupReport } from '../../../shared/model/setup.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { Button, CommandButton } from '../../widgets/Button.tsx';
import { Card, Screen } from '../../widgets/Screen.tsx';
import { CheckCard } from './CheckCard.tsx';
import { PrepareCard } from './PrepareCard.tsx';
import { PythonCard } from './PythonCard.tsx';
import { VerdictCard } from './VerdictCard.tsx';

/** Whether this machine can train, in one glance; then every thing that depends on, each with its way out. */
export function SetupScreen() {
  const { actions } = useApp();
  const setup = useAppState((state) => state.setup);
  const job = useAppState((state) => state.setupJob);
  const live = useAppState((state) =>
    Object.values(state.batches ?? {}).some(({ counts }) => counts.live > 0),
  );
  useEffect(() => actions.followSetup(), [actions]);
  const before = useRef(live);
  useEffect(() => {
    // Whether something can be installed depends on whether runs live.
    if (before.current !== live) void actions.loadSetup(false);
    before.current = live;
  }, [actions, live]);

  const report = setup.value;
  return (
    <Screen
      title="Setup"
      facts={factsText(report, setup.busy)}
      actions={
        <>
          <CommandButton id="setup.copy">Copy report</CommandButton>
          <CommandButton id="setup.check">{setup.busy ? 'Checking…' : 'Check again'}</CommandButton>
        </>
      }
    >
      {setup.problem === null ? null : (
        <div className="sentence-error" role="alert">
          <span>{setup.problem}</span>
          <Button small onClick={() => void actions.loadSetup(false)}>
            Try again
          </Button>
        </div>
      )}
      {report === null ? <Looking busy={setup.problem === null} /> : <VerdictCard report={report} />}
      {job.kind === 'idle' ? null : <PrepareCard job={job} />}
      {report === null ? null : <Found report={report} />}
    </Screen>
  );
}

function Found({ report }: { report: SetupReport }) {
  return (
    <>
      <div className="setup-columns">
        {report.groups.map(({ title, checks }) => (
          <CheckCard key={title} title={title} checks={checks} blocked={report.preparing.blocked} />
        ))}
        <Card title="Versions" className="setup-versions">
          <dl className="facts">
            {report.versions.map(({ name, value }) => (
              <div className="facts-row" key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Card>
      </div>
      <PythonCard report={report} />
    </>
  );
}

/** The first look starts every interpreter, which takes seconds: the page says what is going on. */
function Looking({ busy }: { busy: boolean }) {
  if (!busy) return null;
  return (
    <Card label="Verdict" className="setup-verdict">
      <p role="status" className="quiet">
        Looking at the Pythons and devices of this machine. The first time this takes some seconds, because
        each is started.
      </p>
    </Card>
  );
}

function factsText(report: SetupReport | null, busy: boolean): string {
  if (report === null) return 'Looking at this machine…';
  return busy ? 'Looking at this machine again…' : `Looked at on ${formatMoment(report.at)}`;
}
