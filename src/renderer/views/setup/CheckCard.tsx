import type { SetupCheck } from '../../../shared/model/setup.ts';
import { useApp, useAppState } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { setupAppearance } from './setup-words.ts';

interface CheckCardProps {
  readonly title: string;
  readonly checks: readonly SetupCheck[];
  /** Why nothing can be installed now; null = it can. */
  readonly blocked: string | null;
}

/** Lines of one group: state, one sentence, at most one button. */
export function CheckCard({ title, checks, blocked }: CheckCardProps) {
  const { actions } = useApp();
  const preparing = useAppState((state) => state.setupJob.kind === 'running');
  const busy = useAppState((state) => state.setup.busy);
  return (
    <Card title={title} className="setup-group">
      <ul className="setup-checks">
        {checks.map(({ id, title: name, state, sentence, fix }) => {
          const installs = fix?.kind === 'prepare' || fix?.kind === 'repair';
          return (
            <li key={id} data-check={id}>
              <StateBadge appearance={setupAppearance(state)} />
              <p>
                <span className="setup-name">{name}</span> {sentence}
                {installs && blocked !== null ? <span className="quiet"> {blocked}</span> : null}
              </p>
              {fix === null ? null : (
                <Button
                  small
                  disabled={(installs && (blocked !== null || preparing)) || (fix.kind === 'check' && busy)}
                  onClick={() => void actions.fixSetup(fix.kind)}
                >
                  {fix.title}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
