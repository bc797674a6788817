import { formatMoment } from '../../shared/domain/format.ts';
import { brokenSentence } from '../../shared/domain/preset-words.ts';
import type { BatchRecord } from '../../shared/model/batch.ts';
import { type Command, EXIT } from './command.ts';
import { textTable } from './text-table.ts';

/** What can be run, and what was. */
export const listCommand: Command = {
  name: 'list',
  summary: 'list presets and batches',
  usage: '',
  flags: [],
  async run({ openSession, output }) {
    const session = await openSession();
    try {
      const { workloads, broken, brokenPresets } = await session.client.call('workloads.list', {});
      const { batches } = await session.client.call('batches.list', {});
      const presets = workloads.flatMap(({ name, presets: own }) =>
        own.map((preset) => ({ full: `${name}/${preset.name}`, summary: preset.summary })),
      );
      const columns = [
        { title: 'preset', text: (row: { full: string }) => row.full },
        { title: 'what it runs', text: (row: { summary: string }) => row.summary },
      ] as const;
      for (const line of textTable<{ full: string; summary: string }>(columns, presets)) output.say(line);
      for (const { sentence } of broken) output.complain(sentence);
      for (const preset of brokenPresets) output.complain(brokenSentence(preset));
      if (batches.length > 0) output.say('');
      for (const line of batches.length === 0 ? [] : batchTable(batches)) output.say(line);
      output.document({
        workloads: workloads.map(({ name, title, presets: own }) => ({
          name,
          title,
          presets: own.map((preset) => ({ name: preset.name, title: preset.title, summary: preset.summary })),
        })),
        broken,
        brokenPresets,
        batches: batches.map(batchFacts),
      });
      return EXIT.ok;
    } finally {
      await session.close();
    }
  },
};

export function batchTable(batches: readonly BatchRecord[]): string[] {
  return textTable<BatchRecord>(
    [
      { title: 'batch', text: (row) => row.id },
      { title: 'started', text: (row) => formatMoment(row.createdAt) },
      { title: 'state', text: (row) => row.state.kind },
      {
        title: 'done',
        text: ({ counts }) => `${counts.succeeded + counts.skipped}/${counts.total}`,
        right: true,
      },
      { title: 'failed', text: ({ counts }) => String(counts.failed), right: true },
    ],
    batches,
  );
}

/** A batch in the documents of `list` and `status`. */
export function batchFacts(batch: BatchRecord): Record<string, unknown> {
  const { id, workload, preset, createdAt, endedAt, device, workers, counts, progress } = batch;
  return {
    batch: id,
    workload,
    preset,
    state: batch.state.kind,
    createdAt,
    endedAt,
    device,
    workers,
    counts,
    progress,
  };
}
