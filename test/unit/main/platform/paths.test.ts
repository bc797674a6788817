import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFolder, defaultWorkspace, resourcesFolder } from '../../../../src/main/platform/paths.ts';

const home = '/home/ada';

describe('the data folder', () => {
  it('follows the customs of the system', () => {
    expect(dataFolder({ env: {}, platform: 'darwin', home })).toBe(
      '/home/ada/Library/Application Support/Minibatch',
    );
    expect(dataFolder({ env: {}, platform: 'linux', home })).toBe('/home/ada/.local/share/minibatch');
    expect(dataFolder({ env: { XDG_DATA_HOME: '/data' }, platform: 'linux', home })).toBe('/data/minibatch');
    expect(dataFolder({ env: { XDG_DATA_HOME: 'relative' }, platform: 'linux', home })).toBe(
      '/home/ada/.local/share/minibatch',
    );
  });

  it('can be moved, also from home', () => {
    expect(dataFolder({ env: { MINIBATCH_DATA: '/else' }, platform: 'darwin', home })).toBe('/else');
    expect(dataFolder({ env: { MINIBATCH_DATA: '~/mb' }, platform: 'linux', home })).toBe('/home/ada/mb');
    expect(dataFolder({ env: { MINIBATCH_DATA: '' }, platform: 'linux', home })).toBe(
      '/home/ada/.local/share/minibatch',
    );
  });
});

it('keeps the workspace out of Documents unless told otherwise', () => {
  expect(defaultWorkspace({ env: {}, platform: 'darwin', home })).toBe('/home/ada/Minibatch');
  expect(defaultWorkspace({ env: { MINIBATCH_WORKSPACE: '/runs' }, platform: 'linux', home })).toBe('/runs');
});

describe('the resources', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minibatch-paths-'));
    mkdirSync(join(folder, 'resources', 'python', 'minibatch'), { recursive: true });
    mkdirSync(join(folder, 'out', 'main'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are found from the sources, from the bundle and in the packaged app', () => {
    const expected = join(folder, 'resources');
    expect(resourcesFolder({ from: join(folder, 'out', 'main'), env: {} })).toBe(expected);
    expect(resourcesFolder({ from: folder, env: {} })).toBe(expected);
    expect(resourcesFolder({ from: '/', env: {}, packagedFolder: folder })).toBe(expected);
    expect(resourcesFolder({ from: '/', env: {}, packagedFolder: expected })).toBe(expected);
    expect(resourcesFolder({ from: '/', env: { MINIBATCH_RESOURCES: expected } })).toBe(expected);
  });

  it('are missed with the way out', () => {
    expect(() => resourcesFolder({ from: join(folder, '..'), env: {} })).toThrow(/install Minibatch again/);
  });
});
