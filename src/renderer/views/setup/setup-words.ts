import { SETUP_WORDS } from '../../../shared/domain/setup-text.ts';
import type { SetupState } from '../../../shared/model/setup.ts';
import type { Appearance } from '../../widgets/tone.ts';

const LOOKS: Readonly<Record<SetupState, Omit<Appearance, 'word'>>> = {
  ready: { tone: 'succeeded', mark: 'check' },
  attention: { tone: 'warning', mark: 'triangle' },
  missing: { tone: 'failed', mark: 'cross' },
  absent: { tone: 'waiting', mark: 'dash' },
  unknown: { tone: 'waiting', mark: 'ring' },
};

/**
 * What a failed preparation comes to: what failed and the way out. The command and what it printed stand between them, and in
 * the log below.
 */
export function shortFailure(sentence: string): string {
  const lines = sentence.split('\n');
  const what = (lines[0] ?? '').replace(/ The command was: .*$/, '');
  const wayOut = (lines.at(-1) ?? '').replace(
    'name a Python that has torch with --python',
    'choose one that has torch',
  );
  return lines.length < 2 ? what : `${what} ${wayOut}`;
}

export function setupAppearance(state: SetupState): Appearance {
  return { word: SETUP_WORDS[state], ...LOOKS[state] };
}
