import type { DoctorReport, Interpreter } from '../../shared/model/python.ts';
import { type Command, EXIT } from './command.ts';

/** Looks at everything a run needs, and prepares a Python if asked to. */
export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'look at Python, devices and workspace (--prepare makes a Python environment if none can train)',
  usage: '[--prepare] [--python path]',
  flags: [
    {
      name: 'prepare',
      kind: 'boolean',
      help: 'make a managed environment with torch, if no interpreter has it',
    },
    { name: 'python', kind: 'string', placeholder: 'path', help: 'look at this interpreter' },
  ],
  async run({ examine, preparePython, output }, { values }) {
    const python = values.get('python');
    const given = typeof python === 'string' ? python : undefined;
    let report = await examine(given);
    if (values.get('prepare') === true && report.chosen === null && given === undefined) {
      output.say(report.sentence);
      await preparePython((line) => output.say(line));
      report = await examine(given);
    }
    for (const line of reportLines(report)) output.say(line);
    for (const problem of report.problems) output.complain(problem);
    output.document(report);
    return report.problems.length === 0 && report.chosen !== null ? EXIT.ok : EXIT.failed;
  },
};

function reportLines(report: DoctorReport): string[] {
  return [
    'Python',
    ...report.interpreters.map(
      (one) => `  ${one.path === report.chosen ? '→' : ' '} ${interpreterLine(one)}`,
    ),
    `  ${report.sentence}`,
    'Devices',
    ...report.devices.map(
      ({ device, available, sentence }) => `  ${available ? '✓' : '–'} ${device}: ${sentence}`,
    ),
    'Workspace',
    `  ${report.workspace.ok ? '✓' : '–'} ${report.workspace.sentence}`,
  ];
}

function interpreterLine({ path, origin, probe }: Interpreter): string {
  if (probe.kind === 'unusable') return `${path} (${origin}): ${probe.sentence}`;
  const { version, architecture, modules } = probe.facts;
  return `${path} (${origin}): Python ${version}, ${architecture}, torch ${modules.torch ?? 'missing'}`;
}
