import type { SetupPython, SetupReport } from '../../../shared/model/setup.ts';
import { formatCount } from '../../../shared/domain/format.ts';
import { useApp } from '../../app-context.ts';
import { Button } from '../../widgets/Button.tsx';
import { Card } from '../../widgets/Screen.tsx';
import { StateBadge } from '../../widgets/StateBadge.tsx';
import { setupAppearance } from './setup-words.ts';

/** Every Python that was found, with a verdict in words; another one of them can be chosen. */
export function PythonCard({ report }: { report: SetupReport }) {
  const { actions, host } = useApp();
  const { pythons, choice } = report;
  return (
    <Card
      title="Pythons"
      className="setup-pythons"
      head={
        <>
          <span className="quiet tiny">
            {pythons.length === 0 ? 'none found' : `${formatCount(pythons.length, 'Python')} found`}
            {choice === 'automatic' ? ', Minibatch chooses' : ', chosen by you'}
          </span>
          <span className="spacer" />
          {choice === 'chosen' ? (
            <Button small onClick={() => void actions.choosePython(null)}>
              Choose automatically
            </Button>
          ) : null}
          {host.can.choosePython ? (
            <Button small onClick={() => void actions.openPython()}>
              Choose another…
            </Button>
          ) : null}
        </>
      }
    >
      {pythons.length === 0 ? (
        <p className="card-body quiet">
          No Python was found: neither in the project, nor of uv, conda, pyenv, Homebrew, python.org or the
          system.
        </p>
      ) : (
        <ul className="setup-list" aria-label="Pythons found">
          {pythons.map((python) => (
            <PythonRow key={python.id} python={python} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function torchWords(torch: string | null): string {
  return torch === null ? 'no torch' : `torch ${torch}`;
}

function PythonRow({ python }: { python: SetupPython }) {
  const { actions } = useApp();
  const { path, version, architecture, torch, usable, used, verdict, origin } = python;
  const appearance = used
    ? { word: 'In use', tone: 'succeeded' as const, mark: 'check' as const }
    : usable
      ? { word: 'Can train', tone: 'waiting' as const, mark: 'ring' as const }
      : { ...setupAppearance('absent'), word: 'Cannot train' };
  return (
    <li data-python={python.id} data-used={used ? '' : undefined}>
      <StateBadge appearance={appearance} />
      <div className="setup-python">
        <p className="mono truncate" title={path}>
          <bdi>{path}</bdi>
        </p>
        <p className="quiet">{verdict}</p>
      </div>
      <p className="setup-facts">
        <span>{version === null ? 'version not known' : `Python ${version}, ${torchWords(torch)}`}</span>
        <span className="quiet">{[architecture, origin].filter((part) => part !== null).join(', ')}</span>
      </p>
      {usable && !used ? (
        <Button small label={`Use ${path}`} onClick={() => void actions.choosePython(python.id)}>
          Use
        </Button>
      ) : null}
    </li>
  );
}
