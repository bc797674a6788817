import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../../scripts/lib/chromium.mjs';
import { capture, must } from '../../../scripts/lib/command.mjs';
import { filesBelow, hashOf, readStamp, writeStamp } from '../../../scripts/lib/stamp.mjs';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'minibatch-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('stamps', () => {
  it('are absent, then what was written', () => {
    const path = join(folder, 'deep', 'stamp');
    expect(readStamp(path)).toBeNull();
    writeStamp(path, 'x');
    expect(readStamp(path)).toBe('x');
  });

  it('see files in every folder, a single file, and nothing', () => {
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b', '1'), '');
    writeFileSync(join(folder, 'a'), '');
    expect(filesBelow(folder)).toEqual([join(folder, 'a'), join(folder, 'b', '1')]);
    expect(filesBelow(join(folder, 'a'))).toEqual([join(folder, 'a')]);
    expect(filesBelow(join(folder, 'missing'))).toEqual([]);
  });

  it('depend on the contents', () => {
    expect(hashOf(['package.json'])).toBe(hashOf(['package.json']));
    expect(hashOf(['package.json'])).not.toBe(hashOf(['package-lock.json']));
  });
});

describe('commands', () => {
  it('keep standard output apart', async () => {
    const result = await capture(process.execPath, ['-e', "console.log('out'); console.error('err')"]);
    expect([result.code, result.stdout]).toEqual([0, 'out\n']);
    expect(result.output).toContain('err');
  });

  it('fail with the command, its last lines and the way out', async () => {
    const failing = must(process.execPath, ['-e', "console.error('no space left'); process.exit(3)"], {
      wayOut: 'Free some space.',
    });
    await expect(failing).rejects.toThrow(/failed with code 3\. Free some space\.\nno space left/);
  });

  it('say so when a program does not exist', async () => {
    await expect(must(join(folder, 'nothing'), [], { wayOut: 'Install it.' })).rejects.toThrow(
      'it did not start',
    );
  });
});

describe('findChromium', () => {
  it('prefers the one that is named, and takes only a program', () => {
    const named = join(folder, 'chromium');
    writeFileSync(named, '');
    expect(findChromium({ MINIBATCH_CHROMIUM: named, PATH: '' })).not.toBe(named);
    writeFileSync(join(folder, 'browser'), '', { mode: 0o755 });
    expect(findChromium({ MINIBATCH_CHROMIUM: join(folder, 'browser'), PATH: '' })).toBe(
      join(folder, 'browser'),
    );
  });
});
