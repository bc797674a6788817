import { parseArgs } from 'node:util';
import { plan } from '../../src/shared/model/plan.ts';
import { openParts } from './scheduler-parts.ts';
import { createStillMachine } from './still-machine.ts';

/**
 * An app to be killed: opens a scheduler on the workspace, starts the plan given as JSON, prints the batch's id
 * and goes on for ever.
 */
const { values } = parseArgs({
  options: { workspace: { type: 'string' }, plan: { type: 'string' }, standby: { type: 'boolean' } },
});
const { scheduler } = await openParts(
  { workspace: values.workspace ?? '', hardware: createStillMachine(), notices: [] },
  { standby: values.standby ?? false },
);
process.stdout.write(`${await scheduler.start(plan.parse(JSON.parse(values.plan ?? '')))}\n`);
setInterval(() => undefined, 60_000);
