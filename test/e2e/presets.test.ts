import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import { BatchPage } from './pages/batch-page.ts';

const PATIENCE = { timeout: 30_000 };

let app: ServedApp;
let window: AppWindow;

beforeAll(async () => {
  app = await serveApp();
  window = await AppWindow.open(app);
});
afterAll(async () => {
  await window?.close();
  await app?.stop();
});

function fileOf(name: string): string {
  return join(app.workspace, 'presets', 'steps', `${name}.yaml`);
}

describe('a preset of one’s own', () => {
  it('is saved from the form, and stands among the others with what it costs', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Steps');
    await launch.choosePreset('short');
    await launch.fill('Count', '2');
    await launch.fill('Steps', '5');
    await launch.fill('Workers', '1');
    await expect.poll(() => launch.changes()).toBe('Short with other count, steps, workers');
    await launch.savePreset('Two short ones 🌙', 'For a look.');
    await expect
      .poll(() => launch.card('Two short ones').innerText(), PATIENCE)
      .toMatch(/For a look\.[\s\S]*2 runs/);
    expect(await launch.card('Two short ones').getAttribute('aria-checked')).toBe('true');
    expect(await launch.changes()).toBe('Two short ones 🌙 as it is');
    expect(readFileSync(fileOf('two-short-ones'), 'utf8')).toContain(
      'extends: short\noptions:\n  count: 2\n  steps: 5\nmachine:\n  workers: 1\n  profile: custom\n',
    );
  });

  it('sets options and machine settings when it is chosen, and takes them along when it is left', async () => {
    const launch = window.onLaunch();
    await launch.choosePreset('broken');
    expect([await launch.value('Steps'), await launch.value('Workers')]).toEqual(['5', '']);
    await launch.choosePreset('two-short-ones');
    expect([await launch.value('Count'), await launch.value('Workers')]).toEqual(['2', '1']);
    // Emptied, the field leaves it to the machine, whatever the preset says.
    await launch.fill('Workers', '');
    await expect.poll(() => launch.arithmetic(), PATIENCE).not.toContain('as asked');
    await window.page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => launch.arithmetic(), PATIENCE).toContain('as asked');
  });

  it('keeps further changes when they are saved', async () => {
    const launch = window.onLaunch();
    await launch.fill('Steps', '6');
    await window.page.getByRole('button', { name: 'Save changes' }).click();
    await expect.poll(() => readFileSync(fileOf('two-short-ones'), 'utf8')).toContain('steps: 6');
    await expect.poll(() => launch.changes()).toBe('Two short ones 🌙 as it is');
    const listed = await app.commandLine('list');
    expect(listed.output).toContain('steps/two-short-ones');
  });

  it('can be run, and its batch be asked for again when the preset is gone', async () => {
    const launch = window.onLaunch();
    const batch = await launch.start(2);
    await batch.waitForBatch('Finished');
    await window.launch();
    await window.onLaunch().chooseWorkload('Steps');
    await window.onLaunch().choosePreset('two-short-ones');
    await expect
      .poll(() => window.onLaunch().card('Two short ones').innerText(), PATIENCE)
      .toContain('all 2 results here');
    await window.page.getByRole('button', { name: 'Remove…' }).click();
    await window.page.getByRole('button', { name: 'Move to trash' }).click();
    await expect.poll(() => window.onLaunch().card('Two short ones').count(), PATIENCE).toBe(0);
    expect(existsSync(join(app.workspace, 'trash', 'preset-steps-two-short-ones.yaml'))).toBe(true);
    await window.page.goBack();
    await window.batches();
    await window.page.getByText('Steps two-short-ones').first().click();
    await new BatchPage(window.page).press('Edit and launch again');
    await expect.poll(() => window.onLaunch().value('Steps'), PATIENCE).toBe('6');
    expect(await window.onLaunch().value('Count')).toBe('2');
    expect((await window.onLaunch().plan()).length).toBe(2);
  });

  it('is renamed with its file', async () => {
    const launch = window.onLaunch();
    await launch.fill('Steps', '7');
    await launch.savePreset('First name', '');
    await window.page.getByRole('button', { name: 'Rename…' }).click();
    await launch.namePreset('Second name', 'Renamed.');
    await expect.poll(() => launch.card('Second name').getAttribute('aria-checked'), PATIENCE).toBe('true');
    expect(existsSync(fileOf('second-name'))).toBe(true);
    expect(existsSync(fileOf('first-name'))).toBe(false);
  });

  it('is refused a name that is taken, and what was typed stays', async () => {
    const launch = window.onLaunch();
    await launch.choosePreset('short');
    await window.page.getByRole('button', { name: 'Save as preset…' }).click();
    await launch.namePreset('Second name', 'Again.');
    await window.page.getByText('steps/second-name is a preset of yours already.').waitFor();
    expect(await launch.value('What it is for')).toBe('Again.');
    await window.page.keyboard.press('Escape');
    expect(await window.page.getByRole('dialog').count()).toBe(0);
  });

  it('is found in the palette, and a file with a mistake says where', async () => {
    writeFileSync(fileOf('wrong'), 'extends: short\noptions:\n  stepz: 3\n');
    await window.page.reload();
    const group = window.page.getByRole('group', { name: 'wrong, cannot be used' });
    await expect
      .poll(() => group.innerText(), PATIENCE)
      .toContain('Line 3, options.stepz: There is no option "stepz".');
    await window.page.keyboard.press('Control+k');
    await window.page.getByRole('combobox', { name: 'Command' }).fill('second');
    await window.page.keyboard.press('Enter');
    await expect
      .poll(() => window.onLaunch().card('Second name').getAttribute('aria-checked'), PATIENCE)
      .toBe('true');
    await group.getByRole('button', { name: 'Move to trash' }).click();
    await expect.poll(() => group.count(), PATIENCE).toBe(0);
    expect(window.complaints).toEqual([]);
  });
});
