import { useEffect, useState } from 'react';
import { formatDevices, splitDevices } from '../../../shared/domain/device-set.ts';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMegabytes,
  formatMoment,
  NOT_AVAILABLE,
} from '../../../shared/domain/format.ts';
import type { CallOutput } from '../../../shared/contract/contract.ts';
import type { Json } from '../../../shared/model/json.ts';
import type { ExperimentRecord, RunRecord } from '../../../shared/model/run.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { RunKey } from '../../live/log-feed.ts';
import { Button } from '../../widgets/Button.tsx';
import { isMac } from '../../widgets/platform.ts';

type RunDetails = CallOutput<'runs.get'>;

/** Everything about one attempt: what it was told, where it lies, what it needed. */
export function DetailsPanel({ run, experiment }: { run: RunKey; experiment: ExperimentRecord }) {
  const { connection, actions, host } = useApp();
  const [details, setDetails] = useState<RunDetails | { readonly problem: string } | null>(null);
  const { batch, index, attempt } = run;
  const record = useAppState((state) => {
    const detail = state.details[batch];
    return detail && detail.kind !== 'failed'
      ? (detail.shown?.runs.find((one) => one.index === index && one.attempt === attempt) ?? null)
      : null;
  });

  useEffect(() => {
    let stopped = false;
    connection.call('runs.get', { batch, index, attempt }).then(
      (reply) => stopped || setDetails(reply),
      (error: unknown) =>
        stopped || setDetails({ problem: error instanceof Error ? error.message : String(error) }),
    );
    return () => {
      stopped = true;
    };
  }, [connection, batch, index, attempt]);

  if (details === null) return <div className="details" />;
  if ('problem' in details) return <p className="run-none sentence-error">{details.problem}</p>;
  return (
    <div className="details">
      <Facts
        title="Parameters"
        facts={Object.entries(details.parameters).map(([name, value]) => [name, jsonText(value)])}
      />
      <Facts title="This attempt" facts={attemptFacts(experiment, record)} />
      <Facts title="Versions" facts={Object.entries(details.versions)} />
      {experiment.summary ? (
        <Facts
          title="Result"
          facts={Object.entries(experiment.summary).map(([name, value]) => [name, jsonText(value)])}
        />
      ) : null}
      {details.messages.length > 0 ? (
        <Facts title="Messages" facts={details.messages.map((message) => [message.level, message.text])} />
      ) : null}
      {details.artifacts.length > 0 ? (
        <Facts
          title="Files"
          facts={details.artifacts.map((artifact) => [artifact.name, formatBytes(artifact.bytes)])}
        />
      ) : null}
      <section data-wide="">
        <h3 className="details-head">
          Command
          <Button
            kind="ghost"
            small
            title="With its whole environment, as a line for a shell"
            onClick={() => void actions.copy(shellLine(details), `the command of ${experiment.name}`)}
          >
            Copy
          </Button>
        </h3>
        <pre>{details.command.map(shellWord).join(' ')}</pre>
      </section>
      <section data-wide="">
        <h3 className="details-head">
          Folder
          {host.can.reveal ? (
            <Button kind="ghost" small onClick={() => void actions.reveal({ batch, index, attempt })}>
              {isMac() ? 'Show in Finder' : 'Show in the file manager'}
            </Button>
          ) : null}
        </h3>
        <pre>{details.folder}</pre>
      </section>
    </div>
  );
}

function Facts({ title, facts }: { title: string; facts: readonly (readonly [string, string])[] }) {
  if (facts.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl className="facts">
        {facts.map(([name, value], at) => (
          // Two messages may read the same, so their place is their key.
          <div key={`${at}-${name}`} className="facts-row">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function attemptFacts(
  experiment: ExperimentRecord,
  run: RunRecord | null,
): readonly (readonly [string, string])[] {
  const facts: [string, string][] = [
    ['seed', String(experiment.seed)],
    ['identity', experiment.identity.slice(0, 16)],
  ];
  if (run === null) return facts;
  return [
    ...facts,
    ['device', `${formatDevices(run.device)}, ${threadsText(run)}`],
    ['started', formatMoment(run.startedAt)],
    ['time', run.endedAt === null ? 'running' : formatDuration(run.endedAt - run.startedAt)],
    [
      'to first step',
      run.startupSeconds === null
        ? NOT_AVAILABLE
        : `${formatDuration(run.startupSeconds)}${run.standby ? ', from a standby worker' : ''}`,
    ],
    ['peak memory', formatMegabytes(run.peakMb)],
    ['CPU time', formatDuration(run.cpuSeconds)],
  ];
}

function threadsText({ device, threads }: RunRecord): string {
  return `${formatCount(threads, 'thread')}${splitDevices(device).length > 1 ? ' each' : ''}`;
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What starts the attempt again: its folder, the whole of its environment, its words. */
function shellLine({ folder, environment, command }: RunDetails): string {
  const settings = Object.entries(environment).map(([name, value]) => `${name}=${shellWord(value)}`);
  return `cd ${shellWord(folder)} && env -i ${[...settings, ...command.map(shellWord)].join(' ')}`;
}

/** A word as a shell takes it. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
