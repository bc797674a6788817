import { formatNumber } from '../../shared/domain/format.ts';
import { splitWords } from '../../shared/domain/shell-words.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Manifest } from '../../shared/model/workload.ts';
import { type Command, type CommandContext, EXIT, type Session } from './command.ts';
import type { FlagSpec, ParsedFlags } from './flags.ts';
import { followBatch } from './follow-batch.ts';
import { byIndex, parameterCount, planDocument, planLines, planSummary } from './plan-text.ts';
import { type AskedPlan, PLAN_FLAGS, readPlanRequest } from './plan-request.ts';
import { textTable } from './text-table.ts';

const OWN: readonly FlagSpec[] = [
  { name: 'dry-run', kind: 'boolean', help: 'show the plan and do nothing' },
  {
    name: 'list-architectures',
    kind: 'boolean',
    help: 'show every experiment of the workload and do nothing',
  },
  {
    name: 'on-end',
    kind: 'string',
    placeholder: 'command',
    repeated: true,
    help: 'run this when the batch has ended (no shell; may be given several times)',
  },
];

/** Plans a preset, starts it and stays with it to the end. */
export const runCommand: Command = {
  name: 'run',
  summary: 'run a preset: plan it, train in parallel, follow it to the end',
  usage: '<preset or suite file> [flags]',
  flags: [...OWN, ...PLAN_FLAGS],
  openFlags: true,
  async run(context, _, args) {
    const session = await context.openSession();
    try {
      const asked = await readPlanRequest(session.client, {
        args,
        own: OWN,
        fallback: (flags) => (isOn(flags, 'list-architectures') ? 'all' : null),
      });
      if (isOn(asked.flags, 'list-architectures')) return await listExperiments(context, session, asked);
      const plan = await session.client.call('plans.make', asked.request);
      if (isOn(asked.flags, 'dry-run')) {
        for (const line of planLines(plan)) context.output.say(line);
        context.output.document(planDocument(plan));
        return EXIT.ok;
      }
      for (const line of planSummary(plan)) context.output.say(line);
      const { batch } = await session.client.call('batches.start', {
        ...asked.request,
        ...onEnd(asked.flags),
      });
      context.output.say(
        `Batch ${batch}${session.mode === 'remote' ? ', worked on by the running Minibatch' : ''}`,
      );
      return await followBatch(context, session, batch);
    } finally {
      await session.close();
    }
  },
};

/** Commands are run in the folder that the person is in now. */
function onEnd({ values }: ParsedFlags): Pick<AskedPlan['request'], 'onEnd'> {
  const commands = values.get('on-end');
  if (!Array.isArray(commands)) return {};
  const open = commands.find((text) => splitWords(text) === null);
  if (open !== undefined) throw new ExpectedError('usage', `--on-end: a quote of "${open}" is not closed.`);
  return { onEnd: { commands, folder: process.cwd() } };
}

function isOn(flags: ParsedFlags, name: string): boolean {
  return flags.values.get(name) === true;
}

/** The whole table of a workload: its preset `all`, or the named one where there is none. */
async function listExperiments(
  { output }: CommandContext,
  { client }: Session,
  asked: AskedPlan,
): Promise<number> {
  const plan = await client.call('plans.make', { ...asked.request, preset: widestPreset(asked) });
  const experiments = byIndex(plan.experiments);
  const table = textTable(
    [
      { title: 'index', text: (row) => String(row.index), right: true },
      { title: 'experiment', text: (row) => row.name },
      { title: 'parameters', text: (row) => formatNumber(parameterCount(row)), right: true },
    ],
    experiments,
  );
  for (const line of table) output.say(line);
  output.document({
    experiments: experiments.map((row) => ({
      index: row.index,
      name: row.name,
      parameters: parameterCount(row),
    })),
  });
  return EXIT.ok;
}

function widestPreset({ manifest, request }: { manifest: Manifest; request: { preset: string } }): string {
  return manifest.presets.some((preset) => preset.name === 'all') ? 'all' : request.preset;
}
