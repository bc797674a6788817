import type { VerifiedPart } from '../../shared/model/archive.ts';
import { chooseBatch } from './batch-choice.ts';
import { type Command, EXIT } from './command.ts';
import { textTable } from './text-table.ts';

const SHOWN = 20;

/** Reads every result of a batch again and counts: expected against found. */
export const verifyCommand: Command = {
  name: 'verify',
  summary: 'read the results of a batch again: expected against found',
  usage: '[<batch>]',
  flags: [],
  async run({ openSession, output }, { positionals }) {
    const session = await openSession();
    try {
      const { id } = await chooseBatch(session.client, {
        given: positionals[0] ?? 'latest',
        fits: () => true,
        otherwise: 'There is no batch yet.',
      });
      const found = await session.client.call('archive.verify', { batch: id });
      output.say(
        `${id}: ${found.found} of ${found.expected} expected results found, ${found.postponed} postponed, ${found.planned} planned.`,
      );
      for (const line of partTable(found.parts)) output.say(line);
      const missing = found.parts.flatMap((part) => part.missing);
      for (const { index, name, sentence } of missing.slice(0, SHOWN))
        output.say(`${index} ${name}: ${sentence}`);
      if (missing.length > SHOWN) output.say(`and ${missing.length - SHOWN} more`);
      output.document(found);
      return found.complete ? EXIT.ok : EXIT.failed;
    } finally {
      await session.close();
    }
  },
};

function partTable(parts: readonly VerifiedPart[]): string[] {
  return textTable<VerifiedPart>(
    [
      { title: 'phase', text: (part) => part.phase },
      { title: 'queue', text: (part) => part.queue },
      { title: 'planned', text: (part) => String(part.planned), right: true },
      { title: 'postponed', text: (part) => String(part.postponed), right: true },
      { title: 'expected', text: (part) => String(part.expected), right: true },
      { title: 'found', text: (part) => String(part.found), right: true },
    ],
    parts,
  );
}
