import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asProgram } from './lib/command.mjs';
import { launch } from './lib/launch.mjs';
import { ROOT } from './lib/paths.mjs';
import { setUp } from './setup.mjs';

/** Writes the published schema of suite files anew, after a change to `src/shared/model/suite.ts`. */
async function main() {
  const { node, env } = await setUp();
  // The model is TypeScript, which takes a newer Node than this may be.
  if (node !== process.execPath) return launch(node, [import.meta.filename], { env });
  const { suiteSchema } = await import('../src/main/workloads/suite-file.ts');
  const path = join(ROOT, 'resources', 'workloads', 'command', 'suite.schema.json');
  writeFileSync(path, `${JSON.stringify(suiteSchema(), null, 1)}\n`);
  return 0;
}

await asProgram(main);
