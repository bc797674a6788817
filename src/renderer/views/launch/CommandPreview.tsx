import { useEffect, useState } from 'react';
import type { LaunchPreview } from '../../../shared/model/launch-preview.ts';
import { useApp } from '../../app-context.ts';

type Told = { readonly preview: LaunchPreview } | { readonly problem: string } | null;

/** What would be started for the chosen experiment: command, environment, folder. Asked once: it is taken away while the plan is renewed. */
export function CommandPreview({ index }: { index: number }) {
  const { actions } = useApp();
  const [told, setTold] = useState<Told>(null);

  useEffect(() => {
    let stopped = false;
    void actions.previewCommand(index).then((answer) => stopped || setTold(answer));
    return () => {
      stopped = true;
    };
  }, [actions, index]);

  if (told === null) return null;
  if ('problem' in told) return <p className="sentence-error plan-problem">{told.problem}</p>;
  const { name, command, environment, workingFolder, folder } = told.preview;
  const parts: readonly (readonly [string, string])[] = [
    ['Command', command.join('\n')],
    ['Runs in', workingFolder],
    ['Writes to', folder],
    [
      'Environment it adds',
      Object.entries(environment)
        .map(([variable, value]) => `${variable}=${value}`)
        .join('\n'),
    ],
  ];
  return (
    <section className="details" aria-label={`What ${name} would start`}>
      {parts.map(([title, text]) => (
        <section key={title} data-wide="">
          <h3 className="details-head">{title}</h3>
          <pre className="mono tiny">{text}</pre>
        </section>
      ))}
    </section>
  );
}
