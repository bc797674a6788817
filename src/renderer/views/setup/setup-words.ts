import { SETUP_WORDS } from '../../../shared/domain/setup-text.ts';
import type { SetupState } from '../../../shared/model/setup.ts';
import type { Appearance } from '../../widgets/tone.ts';

const LOOKS: Readonly<Record<SetupState, Omit<Appearance, 'word'>>> = {
  ready: { tone: 'succeeded', mark: 'check' },
  attention: { tone: 'warning', mark: 'triangle' },
  missing: { tone: 'failed', mark: 'cross' },
  absent: { tone: 'waiting', mark: 'dash' },
};

export function setupAppearance(state: SetupState): Appearance {
  return { word: SETUP_WORDS[state], ...LOOKS[state] };
}
