import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCatalog } from '../../../../src/main/workloads/catalog.ts';
import { failureOf } from '../../../support/expected.ts';
import { createWorkloadFolder, tinyManifest, type WorkloadFolder } from '../../../support/tiny-workload.ts';

let workloads: WorkloadFolder;
beforeEach(() => {
  workloads = createWorkloadFolder();
});
afterEach(() => workloads.remove());

describe('createCatalog', () => {
  it('lists usable workloads and says of the others what is wrong', async () => {
    workloads.write('notes', { 'readme.txt': 'no workload' });
    workloads.write('unfinished', {
      'manifest.yaml': tinyManifest.replace('name: tiny', 'name: unfinished'),
    });
    workloads.write('broken', { 'manifest.yaml': 'name: [' });
    const found = await createCatalog({ folder: workloads.folder }).list();
    expect(found.workloads.map(({ manifest, folder }) => [manifest.name, folder])).toEqual([
      ['tiny', join(workloads.folder, 'tiny')],
    ]);
    expect(found.broken.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('The workload "broken" cannot be used: manifest.yaml, line 1'),
      `The workload "unfinished" cannot be used: describe.py is missing in ${join(workloads.folder, 'unfinished')}.`,
    ]);
  });

  it('sees a workload that was added later', async () => {
    const catalog = createCatalog({ folder: workloads.folder });
    await failureOf('usage', () => catalog.find('second'));
    const files = {
      'manifest.yaml': tinyManifest.replace('name: tiny', 'name: second'),
      'describe.py': '',
      'train.py': '',
    };
    workloads.write('second', files);
    expect((await catalog.find('second')).manifest.name).toBe('second');
  });

  it('finds a preset by its short and its full name', async () => {
    const catalog = createCatalog({ folder: workloads.folder });
    for (const asked of [
      { workload: '', preset: 'wide' },
      { workload: '', preset: 'tiny/wide' },
      { workload: 'tiny', preset: 'wide' },
    ]) {
      const { workload, preset } = await catalog.resolve(asked);
      expect([workload.manifest.name, preset.name]).toEqual(['tiny', 'wide']);
    }
    expect(await failureOf('usage', () => catalog.resolve({ workload: '', preset: 'wid' }))).toContain(
      'Did you mean "wide"?',
    );
  });

  it('tells why a workload that was asked for cannot be used', async () => {
    workloads.write('tiny', { 'manifest.yaml': 'name: [' });
    const catalog = createCatalog({ folder: workloads.folder });
    for (const asked of [
      { workload: 'tiny', preset: 'quick' },
      { workload: '', preset: 'tiny/quick' },
      { workload: '', preset: 'quick' },
    ]) {
      expect(await failureOf('workload-invalid', () => catalog.resolve(asked))).toContain('line 1');
    }
    await failureOf('workload-invalid', () => catalog.find('tiny'));
  });

  it('names a folder that is not there', async () => {
    const folder = join(workloads.folder, 'gone');
    expect(await failureOf('workload-invalid', () => createCatalog({ folder }).list())).toContain(folder);
  });

  it('can use every workload that comes with the app', async () => {
    const folder = join(import.meta.dirname, '../../../../resources/workloads');
    const { workloads: own, broken } = await createCatalog({ folder }).list();
    expect(broken).toEqual([]);
    expect(own.map(({ manifest }) => manifest.name)).toContain('memorization');
  });
});
