import { formatCount } from '../../shared/domain/format.ts';
import type { Client } from '../../shared/client.ts';
import { presetName } from '../../shared/domain/own-preset.ts';
import { brokenSentence } from '../../shared/domain/preset-words.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import type { Manifest, PresetSpec } from '../../shared/model/workload.ts';
import { type Command, type CommandContext, EXIT } from './command.ts';
import { type FlagSpec, type ParsedFlags, parseFlags } from './flags.ts';
import { PLAN_FLAGS, readPlanRequest } from './plan-request.ts';
import { textTable } from './text-table.ts';

const SUMMARY: FlagSpec = { name: 'summary', kind: 'string', help: 'what it is for, in a line' };
const REPLACE: FlagSpec = { name: 'replace', kind: 'boolean', help: 'save over the preset of this name' };
const OWN = [SUMMARY, REPLACE];

const ACTIONS = ['save', 'list', 'rename', 'remove'] as const;

/** Keeps what a person runs often under a name of its own. */
export const presetCommand: Command = {
  name: 'preset',
  summary: 'save options and machine settings as a preset of your own, list, rename and remove them',
  usage: '[list] | save <name> <preset or suite file> [flags] | rename <preset> <name> | remove <preset>',
  flags: [...OWN, ...PLAN_FLAGS],
  openFlags: true,
  async run(context, _, args) {
    const [action = 'list', ...rest] = args;
    const session = await context.openSession();
    try {
      switch (action) {
        case 'save':
          return await save(context, session.client, rest);
        case 'list':
          return await list(context, session.client, rest);
        case 'rename':
          return await rename(context, session.client, rest);
        case 'remove':
          return await remove(context, session.client, rest);
        default:
          throw usage(`"minibatch preset ${action}" is nothing; say ${ACTIONS.join(', ')}.`);
      }
    } finally {
      await session.close();
    }
  },
};

async function save({ output }: CommandContext, client: Client, args: readonly string[]): Promise<number> {
  const [title, ...rest] = args;
  if (title === undefined || title.startsWith('-'))
    throw usage(
      'Name the preset first, for example "minibatch preset save my-night memorization/quick --epochs 5000".',
    );
  const { request, flags, manifest } = await readPlanRequest(client, {
    args: rest,
    own: OWN,
    fallback: () => null,
  });
  // A preset that cannot be planned is not worth keeping.
  const plan = await client.call('plans.make', request);
  const { suite, python: _, csv: __, ...said } = request;
  // A table is kept as the experiments that it held.
  const asked = plan.request.sweep === undefined ? said : { ...said, sweep: plan.request.sweep };
  const name = presetName(nameIn(manifest.name, title));
  const old = flags.values.get('replace') === true ? ownIn(manifest, name) : undefined;
  const saved = await client.call('presets.save', {
    // Named by what it is called already, it keeps its title.
    title:
      old !== undefined && title === nameIn(manifest.name, name) ? old.title : nameIn(manifest.name, title),
    summary: summaryOf(flags) ?? old?.own?.summary ?? '',
    request: asked,
    ...(old === undefined ? {} : { replace: name }),
    ...(suite === undefined ? {} : { suite }),
  });
  const full = `${saved.workload}/${saved.preset}`;
  output.say(
    `Saved as ${full}: ${formatCount(plan.experiments.length, 'experiment')}. "minibatch run ${full}" runs it.`,
  );
  output.document(saved);
  return EXIT.ok;
}

async function list({ output }: CommandContext, client: Client, args: readonly string[]): Promise<number> {
  requireCount(parseFlags(args, []), 0);
  const { workloads, brokenPresets } = await client.call('workloads.list', {});
  const presets = workloads.flatMap(({ name: workload, presets: all }) =>
    all.flatMap(({ name, title, summary, options, own }) =>
      own === undefined ? [] : [{ full: `${workload}/${name}`, title, summary, options, own }],
    ),
  );
  for (const line of textTable<(typeof presets)[number]>(
    [
      { title: 'preset', text: ({ full }) => full },
      { title: 'extends', text: ({ own }) => own.extends ?? 'a suite' },
      { title: 'what it runs', text: ({ title, summary }) => `${title}: ${summary}` },
    ],
    presets,
  ))
    if (presets.length > 0) output.say(line);
  if (presets.length === 0) output.say('No preset was saved yet. "minibatch help preset" says how.');
  for (const broken of brokenPresets) output.complain(brokenSentence(broken));
  output.document({
    presets: presets.map(({ full, title, summary, options, own }) => ({
      preset: full,
      title,
      summary,
      extends: own.extends,
      options,
      machine: own.machine,
    })),
    broken: brokenPresets,
  });
  return EXIT.ok;
}

async function rename({ output }: CommandContext, client: Client, args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, [SUMMARY]);
  const [named = '', title = ''] = requireCount(flags, 2);
  const { workload, preset } = await find(client, named);
  const { workloads } = await client.call('workloads.list', {});
  const manifest = workloads.find(({ name }) => name === workload);
  const saved = await client.call('presets.rename', {
    workload,
    preset,
    title,
    summary: summaryOf(flags) ?? (manifest && ownIn(manifest, preset))?.own?.summary ?? '',
  });
  output.say(`${workload}/${preset} is ${saved.workload}/${saved.preset} now.`);
  output.document(saved);
  return EXIT.ok;
}

async function remove({ output }: CommandContext, client: Client, args: readonly string[]): Promise<number> {
  const [named = ''] = requireCount(parseFlags(args, []), 1);
  const found = await find(client, named);
  await client.call('presets.remove', found);
  output.say(`The file of ${found.workload}/${found.preset} is in the trash of the workspace.`);
  output.document(found);
  return EXIT.ok;
}

/** An own preset as it was typed: with its workload, or alone where only one has it. Broken ones can be named, too. */
async function find(client: Client, named: string): Promise<{ workload: string; preset: string }> {
  const { workloads, brokenPresets } = await client.call('workloads.list', {});
  const slash = named.indexOf('/');
  const [workload, preset] = slash < 0 ? [null, named] : [named.slice(0, slash), named.slice(slash + 1)];
  const all = [
    ...workloads.flatMap(({ name, presets }) =>
      presets.map((one) => ({ workload: name, preset: one.name, own: one.own !== undefined })),
    ),
    ...brokenPresets.map((one) => ({ workload: one.workload, preset: one.preset, own: true })),
  ];
  const fitting = all.filter((one) => one.preset === preset && (workload ?? one.workload) === one.workload);
  const own = fitting.filter((one) => one.own);
  const [first] = own;
  if (first !== undefined && own.length === 1) return { workload: first.workload, preset: first.preset };
  if (own.length > 1)
    throw usage(
      `Several workloads have a preset "${preset}" of yours: say ${own.map((one) => `${one.workload}/${one.preset}`).join(' or ')}.`,
    );
  throw new ExpectedError(
    'usage',
    fitting.length > 0
      ? `${named} is a preset of the workload itself, which stays as it is.`
      : `There is no preset of yours called "${named}". "minibatch preset list" shows what there is.`,
  );
}

function ownIn({ presets }: Manifest, name: string): PresetSpec | undefined {
  return presets.find((preset) => preset.name === name && preset.own !== undefined);
}

function summaryOf({ values }: ParsedFlags): string | undefined {
  const given = values.get('summary');
  return typeof given === 'string' ? given : undefined;
}

/** The name without the workload that may stand before it. */
function nameIn(workload: string, title: string): string {
  return title.startsWith(`${workload}/`) ? title.slice(workload.length + 1) : title;
}

function requireCount({ positionals }: ParsedFlags, count: number): readonly string[] {
  if (positionals.length === count) return positionals;
  throw usage(
    positionals.length > count
      ? `"${positionals.slice(count).join(' ')}" is too much.`
      : `Something is missing: minibatch preset ${presetCommand.usage}`,
  );
}

function usage(message: string): ExpectedError {
  return new ExpectedError('usage', message);
}
