import type { SetupReport } from '../../../shared/model/setup.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { StateMark } from '../../widgets/StateBadge.tsx';
import { setupAppearance } from './setup-words.ts';

/** The answer to "can this machine train", and the one next step where it cannot. */
export function VerdictCard({ report }: { report: SetupReport }) {
  const { actions } = useApp();
  const preparing = useAppState((state) => state.setupJob.kind === 'running');
  const checks = report.groups.flatMap((group) => group.checks);
  const attention = checks.some(({ state }) => state === 'attention');
  const appearance = setupAppearance(report.canTrain ? (attention ? 'attention' : 'ready') : 'missing');
  const step = checks.find(({ state, fix }) => state === 'missing' && fix !== null)?.fix ?? null;
  const installs = step?.kind === 'prepare' || step?.kind === 'repair';
  const { blocked, sentence } = report.preparing;
  return (
    <Card label="Verdict" className="setup-verdict">
      <div className="setup-answer" data-tone={appearance.tone}>
        <StateMark mark={appearance.mark} />
        <div>
          <h2>{report.headline}</h2>
          <p>{report.sentence}</p>
          {installs && !preparing ? <p className="quiet tiny">{blocked ?? sentence}</p> : null}
        </div>
      </div>
      {step === null || preparing ? null : (
        <Button
          kind="primary"
          disabled={installs && blocked !== null}
          onClick={() => void actions.fixSetup(step.kind)}
        >
          {step.title}
        </Button>
      )}
    </Card>
  );
}
