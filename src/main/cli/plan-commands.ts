import { shellLine } from '../../shared/domain/shell-words.ts';
import type { LaunchPreview } from '../../shared/model/launch-preview.ts';

/** The commands of a plan as they could be typed into a shell. */
export function commandLines(commands: readonly LaunchPreview[]): string[] {
  return commands.flatMap(({ index, name, command, environment, workingFolder, folder }) => [
    `# ${index} ${name}`,
    `# writes to ${folder}`,
    `cd ${shellLine([workingFolder])}`,
    ...Object.entries(environment).map(([variable, value]) => `export ${variable}=${shellLine([value])}`),
    shellLine(command),
    '',
  ]);
}
