import type { ExperimentField, ExperimentRow } from '../../../shared/domain/experiment-fields.ts';
import { summarise, type Summary } from '../../../shared/domain/statistics.ts';
import { type GroupKey, valueKey } from '../../../shared/domain/row-groups.ts';
import { isFinal } from '../../../shared/domain/status.ts';
import { shareDone } from '../../../shared/domain/experiment-fields.ts';
import { type Appearance, experimentAppearance, type Tone } from '../../widgets/tone.ts';

/** Something that experiments can be grouped by. */
export interface GroupChoice {
  readonly id: string;
  readonly title: string;
  readonly section: 'Together' | 'Parameters';
  readonly keyOf: (row: ExperimentRow) => GroupKey;
}

/** By these names whatever the workload. */
const OWN = ['state', 'phase', 'queue', 'seed', 'device'];

/** What the experiments can be grouped by: the seeds of one configuration, what every experiment has, then each parameter. */
export function groupChoices(
  fields: readonly ExperimentField[],
  rows: readonly ExperimentRow[],
): readonly GroupChoice[] {
  const parameters = fields.filter(({ part }) => part === 'parameter');
  const settings = settingsChoice(parameters.filter(({ differs }) => differs));
  const configurations = new Set(rows.map((row) => settings.keyOf(row).key)).size;
  return [
    ...(configurations < rows.length ? [settings] : []),
    ...OWN.flatMap((name) => fields.filter((field) => field.part === 'run' && field.name === name)).map(
      (field) => fieldChoice(field, 'Together'),
    ),
    ...parameters.map((field) => fieldChoice(field, 'Parameters')),
  ];
}

function fieldChoice({ name, title, value }: ExperimentField, section: GroupChoice['section']): GroupChoice {
  return {
    id: `field/${name}`,
    title,
    section,
    keyOf: (row) => {
      const key = valueKey(value(row));
      return name === 'state'
        ? { ...key, title: experimentAppearance(row.experiment.state).word }
        : { ...key, title: `${name} ${key.title}` };
    },
  };
}

/** Experiments that differ in nothing but the seed. */
function settingsChoice(differing: readonly ExperimentField[]): GroupChoice {
  return {
    id: 'settings',
    title: 'Same settings',
    section: 'Together',
    keyOf: (row) => {
      const keys = differing.map(({ name, value }) => ({ name, ...valueKey(value(row)) }));
      const title = keys.map(({ name, title: text }) => `${name} ${text}`).join(', ');
      return {
        key: keys.map(({ key }) => key).join('\n'),
        title: title || 'all alike',
        order: keys.flatMap(({ order }) => order),
      };
    },
  };
}

/** How many rows of a group are in which state, those first that are the most. */
export function stateCounts(
  rows: readonly ExperimentRow[],
): readonly { readonly appearance: Appearance; readonly count: number }[] {
  const counts = Map.groupBy(rows, ({ experiment }) => experiment.state.kind);
  return [...counts.values()]
    .flatMap((members) => {
      const state = members[0]?.experiment.state;
      return state === undefined ? [] : [{ appearance: experimentAppearance(state), count: members.length }];
    })
    .toSorted((a, b) => b.count - a.count);
}

/** Share of a group that is done, 0 to 1: what ended in whatever way is. */
export function groupShare(rows: readonly ExperimentRow[]): number {
  if (rows.length === 0) return 0;
  const done = rows.reduce(
    (sum, row) => sum + (isFinal(row.experiment.state) ? 1 : (shareDone(row) ?? 0)),
    0,
  );
  return done / rows.length;
}

/** A group looks as the worst of what it has come to, once nothing of it goes on. */
export function groupTone(rows: readonly ExperimentRow[]): Tone {
  if (rows.some(({ experiment }) => !isFinal(experiment.state))) return 'running';
  const tones = new Set(rows.map(({ experiment }) => experimentAppearance(experiment.state).tone));
  return (['failed', 'warning', 'succeeded'] as const).find((tone) => tones.has(tone)) ?? 'waiting';
}

/** A field of a group in figures: finite values only; the rest is counted. */
export function groupSummary(
  rows: readonly ExperimentRow[],
  { value }: Pick<ExperimentField, 'value'>,
): Summary & { readonly nonFinite: number } {
  const values: number[] = [];
  let nonFinite = 0;
  for (const row of rows) {
    const found = value(row);
    if (typeof found === 'number') values.push(found);
    else if (found !== null && found !== undefined) nonFinite += 1;
  }
  return { ...summarise(values), nonFinite };
}
