import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportReport } from '../../../src/shared/model/archive.ts';
import {
  type CommandWorld,
  createCommandWorld,
  lastDocument,
  type RunDocument,
  trainingPython,
} from '../../support/command-line.ts';

const SCALING = ['resources', 'workloads', 'scaling'];
const CHOICE = [
  'scaling/custom',
  ...['--widths', '8', '16', '--steps', '3', '--tokens-per-parameter', '0', '--seed', '7'],
  ...['--python', trainingPython ?? ''],
];
/** Stands for SLURM: runs the tasks of an array one after the other. */
const SBATCH = `#!/bin/bash
while [ "\${1#-}" != "$1" ]; do case "$1" in --array=*) range="\${1#--array=}";; esac; shift; done
script="$1"; shift
range="\${range%\\%*}"
for task in $(seq "\${range%-*}" "\${range#*-}"); do
  SLURM_ARRAY_TASK_ID=$task SLURM_SUBMIT_DIR="$PWD" SLURM_CPUS_PER_TASK=1 bash "$script" "$@" || exit 1
done
`;

let world: CommandWorld;
beforeAll(() => {
  world = createCommandWorld();
  cpSync(resolve(import.meta.dirname, '../../..', ...SCALING), join(world.root, ...SCALING), {
    recursive: true,
  });
});
afterAll(() => world.remove());

describe.skipIf(trainingPython === undefined)('a plan that a cluster runs', () => {
  it('comes back as results that count, so that nothing is run again here', async () => {
    const planned = await world.run('plan', ...CHOICE, '--json');
    expect(planned.code, planned.stderr).toBe(0);
    const array = join(world.root, 'array');
    const script = resolve(import.meta.dirname, '../../..', ...SCALING, 'cluster.py');
    const written = spawnSync(trainingPython ?? '', ['-B', script, array, '--tasks', '2'], {
      input: planned.stdout,
      encoding: 'utf8',
    });
    expect(written.status, written.stderr).toBe(0);

    const stub = join(world.root, 'stub');
    mkdirSync(stub);
    writeFileSync(join(stub, 'sbatch'), SBATCH);
    chmodSync(join(stub, 'sbatch'), 0o755);
    const submitted = spawnSync(join(array, 'submit.sh'), [], {
      env: { PATH: `${stub}:${process.env.PATH ?? ''}`, MINIBATCH_PYTHON: trainingPython ?? '' },
      encoding: 'utf8',
    });
    expect(submitted.status, `${submitted.stdout}${submitted.stderr}`).toBe(0);

    const imported = await world.run('import', array, '--json');
    expect(lastDocument<ImportReport>(imported)).toMatchObject({ imported: 2, refused: [] });
    const again = await world.run('run', ...CHOICE, '--json');
    expect(again.code, again.stderr).toBe(0);
    expect(lastDocument<RunDocument>(again)).toMatchObject({ skipped: 2, succeeded: 0, failed: 0 });
  }, 120_000);
});
