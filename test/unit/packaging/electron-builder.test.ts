import { createRequire } from 'node:module';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { afterPack } from '../../../scripts/after-pack.mjs';
import { ROOT } from '../../../scripts/lib/paths.mjs';

const require = createRequire(join(ROOT, 'package.json'));
const validation: unknown = require('app-builder-lib/out/util/config/config.js');
const { DebugLogger } = z
  .object({ DebugLogger: z.custom<new () => object>() })
  .parse(require('builder-util'));
const { validateConfiguration } = z
  .object({ validateConfiguration: z.custom<(config: unknown, logger: object) => Promise<void>>() })
  .parse(validation);

const builder = z.object({
  files: z.array(z.string()),
  asarUnpack: z.array(z.string()),
  afterPack: z.string(),
  extraResources: z.array(z.object({ from: z.string(), to: z.string(), filter: z.array(z.string()) })),
  electronFuses: z.record(z.string(), z.boolean()),
  mac: z.looseObject({
    icon: z.string(),
    entitlements: z.string(),
    extendInfo: z.record(z.string(), z.unknown()),
  }),
});

function read(): unknown {
  return parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8'));
}

describe('electron-builder.yml', () => {
  it('fits the schema of the installed electron-builder', async () => {
    await expect(validateConfiguration(read(), new DebugLogger())).resolves.toBeUndefined();
  });

  it('is checked by a schema that knows a wrong key', async () => {
    const wrong = { ...z.looseObject({}).parse(read()), asarUnpak: [] };
    await expect(validateConfiguration(wrong, new DebugLogger())).rejects.toThrow('asarUnpak');
  });

  it('names only files that exist', () => {
    const config = builder.parse(read());
    const named = [
      config.afterPack,
      config.mac.icon,
      config.mac.entitlements,
      ...config.extraResources.map(({ from }) => from),
    ];
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('closes the ways around the packed code', () => {
    const { electronFuses } = builder.parse(read());
    expect(electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    });
  });

  it('keeps native modules and Python outside the archive', () => {
    const { asarUnpack, extraResources } = builder.parse(read());
    expect(asarUnpack).toEqual(['node_modules/better-sqlite3/**', 'node_modules/node-pty/**']);
    expect(extraResources.map(({ to }) => to)).toEqual(['python', 'workloads', 'icons']);
  });
});

describe('afterPack', () => {
  let folder: string;
  let helper: string;
  const context = () => ({
    appOutDir: folder,
    electronPlatformName: 'darwin',
    packager: { appInfo: { productFilename: 'Minibatch' } },
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minibatch-pack-'));
    helper = join(
      folder,
      'Minibatch.app/Contents/Resources/app.asar.unpacked/node_modules/node-pty/prebuilds/darwin-arm64/spawn-helper',
    );
    mkdirSync(dirname(helper), { recursive: true });
    writeFileSync(helper, '');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('accepts an executable helper', () => {
    chmodSync(helper, 0o755);
    expect(() => afterPack(context())).not.toThrow();
  });

  it('refuses one that lost its mode', () => {
    chmodSync(helper, 0o644);
    expect(() => afterPack(context())).toThrow('not executable');
  });
});

describe('icons', () => {
  it('are complete', () => {
    const icns = readFileSync(join(ROOT, 'resources/icons/icon.icns'));
    expect(icns.subarray(0, 4).toString()).toBe('icns');
    // ic10 is 1024 px; ic11 to ic14 are the retina sizes.
    for (const type of ['ic10', 'ic11', 'ic12', 'ic13', 'ic14']) expect(icns.includes(type)).toBe(true);
    expect(readFileSync(join(ROOT, 'resources/icons/trayTemplate@2x.png')).readUInt32BE(16)).toBe(32);
  });
});
