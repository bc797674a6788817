import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { lockfileProblems } from '../../../scripts/lib/lockfile.mjs';
import { ROOT } from '../../../scripts/lib/paths.mjs';

const entry = z.looseObject({ hasInstallScript: z.boolean().optional(), dev: z.boolean().optional() });
const lockfile = z.looseObject({ packages: z.record(z.string(), entry) });
const manifest = z.looseObject({ allowScripts: z.record(z.string(), z.boolean()) });

function readJson<T>(name: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(readFileSync(join(ROOT, name), 'utf8')));
}

describe('package-lock.json', () => {
  it('is complete for this machine and for a Mac mini, without addresses', () => {
    expect(lockfileProblems(readJson('package-lock.json', lockfile))).toEqual([]);
  });

  it('decides about every install script', () => {
    const { packages } = readJson('package-lock.json', lockfile);
    const { allowScripts } = readJson('package.json', manifest);
    const withScript = Object.entries(packages)
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
    expect(withScript.filter((name) => !(name in allowScripts))).toEqual([]);
    expect(Object.values(allowScripts)).not.toContain(true);
  });
});

describe('lockfileProblems', () => {
  const tool = {
    integrity: 'sha512-x',
    optionalDependencies: { 'tool-darwin-arm64': '1', 'tool-linux-x64': '1' },
  };
  const part = { integrity: 'sha512-y' };

  it('accepts parts beside the package or below it', () => {
    const packages = { '': {}, 'node_modules/tool': tool, 'node_modules/tool-linux-x64': part };
    expect(
      lockfileProblems({
        packages: { ...packages, 'node_modules/tool/node_modules/tool-darwin-arm64': part },
      }),
    ).toEqual([]);
  });

  it('finds a part that was dropped', () => {
    const packages = { '': {}, 'node_modules/tool': tool, 'node_modules/tool-linux-x64': part };
    expect(lockfileProblems({ packages })).toEqual([
      expect.stringContaining('tool-darwin-arm64, which has no entry'),
    ]);
  });

  it('finds a tool that has no part for a Mac mini', () => {
    const poor = { integrity: 'sha512-x', optionalDependencies: { 'tool-linux-x64': '1' } };
    const packages = { '': {}, 'node_modules/tool': poor, 'node_modules/tool-linux-x64': part };
    expect(lockfileProblems({ packages })).toEqual([expect.stringContaining('none for darwin-arm64')]);
  });

  it('finds a download address and a missing hash', () => {
    const packages = {
      '': {},
      'node_modules/a': { ...part, resolved: 'https://example.test/a.tgz' },
      'node_modules/b': {},
    };
    expect(lockfileProblems({ packages })).toEqual([
      expect.stringContaining('download address'),
      expect.stringContaining('no integrity'),
    ]);
  });
});
