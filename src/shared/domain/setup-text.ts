import type { SetupReport, SetupState } from '../model/setup.ts';
import { formatMoment } from './format.ts';

/** The word that goes with the shape of a state. */
export const SETUP_WORDS: Readonly<Record<SetupState, string>> = {
  ready: 'Ready',
  attention: 'Attention',
  missing: 'Not ready',
  absent: 'Not there',
  unknown: 'Not known',
};

/** A report as plain text, for a letter to whoever helps. The home folder was taken out where it was made. */
export function setupText(report: SetupReport): string {
  return [
    'Minibatch setup report',
    `${report.headline}. ${report.sentence}`,
    formatMoment(report.at),
    '',
    'Versions',
    ...report.versions.map(({ name, value }) => `  ${name}: ${value}`),
    '',
    'Pythons',
    ...report.pythons.map(
      ({ used, path, origin, version, architecture, torch, verdict }) =>
        `  ${used ? '→' : ' '} ${path} (${[origin, `Python ${version ?? '?'}`, architecture ?? '?', `torch ${torch ?? 'missing'}`].join(', ')}): ${verdict}`,
    ),
    ...(report.pythons.length === 0 ? ['  none found'] : []),
    ...report.groups.flatMap(({ title, checks }) => [
      '',
      title,
      ...checks.map((check) => `  [${SETUP_WORDS[check.state]}] ${check.title}: ${check.sentence}`),
    ]),
    '',
  ].join('\n');
}
