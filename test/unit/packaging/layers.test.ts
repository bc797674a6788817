import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../../../scripts/lib/paths.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-layers-'));
  copyFileSync(join(ROOT, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Lints one planted file with the project's own configuration; true = refused. */
function isRefused(path: string, line: string): boolean {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${line}\n`);
  const lint = join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [lint, '.'], { cwd: folder, encoding: 'utf8' });
  rmSync(file);
  if (!/Found \d+ warnings? and \d+ errors?/.test(stdout)) throw new Error(`oxlint did not run: ${stdout}`);
  return stdout.includes('no-restricted-imports') || stdout.includes('no-cycle');
}

describe('the layers', () => {
  it.each([
    ['src/main/platform/a.ts', "export { x } from '../hardware/b.ts';"],
    ['src/main/hardware/deep/a.ts', "export { x } from '../../store/b.ts';"],
    ['src/main/store/a.ts', "import type { X } from '../scheduler/b.ts';\nexport type Y = X;"],
    ['src/main/worker/a.ts', "export { x } from '../app.ts';"],
    ['src/main/scheduler/a.ts', "export { x } from '../../renderer/b.ts';"],
    ['src/main/api/a.ts', "export { x } from '../doors/b.ts';"],
    ['src/shared/a.ts', "export { readFile } from 'node:fs/promises';"],
    ['src/shared/model/a.ts', "export { x } from '../../main/api/b.ts';"],
    ['src/shared/b.ts', "export { x } from 'zodiac';"],
    ['src/preload/a.ts', "export { x } from 'node:fs';"],
    ['src/preload/b.ts', "export { x } from '../main/app.ts';"],
    ['src/renderer/views/a.ts', "export { x } from '../../main/api/b.ts';"],
    ['src/renderer/views/b.ts', "export { x } from 'node:path';"],
    [
      'src/renderer/state/a.ts',
      "import type { Client } from '../../shared/client.ts';\nexport type C = Client;",
    ],
    ['src/renderer/state/b.ts', "export { x } from '../doors/pick.ts';"],
  ])('refuse in %s: %s', (path, line) => {
    expect(isRefused(path, line)).toBe(true);
  });

  it.each([
    ['src/main/api/a.ts', 'electron'],
    ['src/main/platform/a.ts', 'node-pty'],
    ['src/main/store/a.ts', 'better-sqlite3'],
    ['src/main/doors/a.ts', 'ws'],
    ['src/renderer/a.ts', 'electron'],
    ['src/main/app.ts', 'electron'],
  ])('refuse in %s the raw module %s', (path, name) => {
    expect(isRefused(path, `export * from '${name}';`)).toBe(true);
    expect(isRefused(path, `import type { X } from '${name}';\nexport type Y = X;`)).toBe(true);
  });

  it.each([
    ['src/main/scheduler/a.ts', "export { x } from '../worker/b.ts';"],
    ['src/main/cli/a.ts', "export { x } from '../doors/b.ts';"],
    ['src/main/app.ts', "export { x } from './cli/b.ts';"],
    ['src/main/platform/pty.ts', "export { x } from 'node-pty';"],
    ['src/main/doors/electron-ipc.ts', "export { x } from 'electron';"],
    ['src/shared/a.ts', "export { z } from 'zod';"],
    ['src/preload/a.ts', "export { x } from 'electron';\nexport { y } from '../shared/host.ts';"],
  ])('allow in %s: %s', (path, line) => {
    expect(isRefused(path, line)).toBe(false);
  });

  it('refuse a cycle, also one of types alone', () => {
    mkdirSync(join(folder, 'src/shared/model'), { recursive: true });
    writeFileSync(
      join(folder, 'src/shared/model/b.ts'),
      "import type { A } from './a.ts';\nexport type B = A | 1;\n",
    );
    expect(
      isRefused('src/shared/model/a.ts', "import type { B } from './b.ts';\nexport type A = B | 2;"),
    ).toBe(true);
  });
});
