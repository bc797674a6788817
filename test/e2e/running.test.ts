import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedApp, serveApp } from '../support/served-app.ts';
import { AppWindow } from './pages/app-window.ts';
import type { BatchPage } from './pages/batch-page.ts';

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

/** A batch of `steps`, with the machine's own settings put to a known worker count. */
async function start(preset: string, changes: Record<string, string> = {}): Promise<BatchPage> {
  const launch = await window.launch();
  await launch.chooseWorkload('Steps');
  await launch.choosePreset(preset);
  for (const [label, text] of Object.entries({ Workers: '1', ...changes })) await launch.fill(label, text);
  await expect.poll(async () => (await launch.plan()).length, PATIENCE).toBeGreaterThan(0);
  return launch.start((await launch.plan()).length);
}

describe('a batch while it runs', () => {
  it('reorders what waits, postpones and releases it', async () => {
    const batch = await start('slow', { Count: '4', Steps: '5000', Seed: '1' });
    await batch.waitForState('run 0', 'Running');
    await batch.select('run 3');
    await batch.press('Start next');
    await expect.poll(async () => (await batch.names()).slice(1, 3), PATIENCE).toEqual(['run 3', 'run 1']);
    await batch.press('One later');
    await expect.poll(async () => (await batch.names()).slice(1, 3), PATIENCE).toEqual(['run 1', 'run 3']);
    await batch.select('run 2');
    await batch.press('Postpone');
    await batch.waitForState('run 2', 'Postponed');
    expect(await batch.row('run 2').innerText()).toContain('postponed by hand');
    await batch.press('Release');
    await batch.waitForState('run 2', 'Queued');
    await batch.press('Cancel');
    await batch.waitForState('run 2', 'Cancelled');
    await batch.press('Stop at checkpoint');
    await batch.waitForBatch('Interrupted');
  });

  it('compares marked experiments, and does with all of them what their states allow', async () => {
    const batch = await start('slow', { Count: '5', Steps: '2000', Seed: '7' });
    await batch.waitForState('run 0', 'Running');
    await batch.select('run 1');
    await batch.markTo('run 4');
    await batch.markAlso('run 2');
    await expect
      .poll(() => batch.markedActions(), PATIENCE)
      .toEqual(['Differences', 'Move to front 3', 'Postpone 3…', 'Cancel 3…', 'Mark none']);
    await batch.press('Differences');
    const different = await batch.differences();
    expect(different).toContainEqual(['number', '1', '3', '4']);
    expect(different.map(([name]) => name)).not.toContain('manner');
    await batch.page.getByLabel('Differences only').uncheck();
    await expect
      .poll(() => batch.differences(), PATIENCE)
      .toContainEqual(['manner', 'plain', 'plain', 'plain']);
    await batch.press('Close');
    await batch.press('Postpone 3…');
    await batch.page.getByLabel('Why they are postponed').fill('for tonight');
    await batch.page.keyboard.press('Enter');
    await batch.waitForState('run 4', 'Postponed');
    expect(await batch.row('run 1').innerText()).toContain('for tonight');
    await batch.press('Release 3');
    await batch.waitForState('run 3', 'Queued');
    await batch.press('Cancel 3…');
    await batch.press('Cancel 3');
    await batch.waitForState('run 4', 'Cancelled');
    await expect.poll(() => batch.markedActions(), PATIENCE).toEqual(['Differences', 'Retry 3', 'Mark none']);
    await batch.press('Mark none');
    expect(await batch.selected()).toBe('run 1');
    await batch.press('Stop at checkpoint');
    await batch.waitForBatch('Interrupted');
  });

  it('pauses, goes on, takes more workers, and stops at a checkpoint', async () => {
    const batch = await start('slow', { Count: '4', Steps: '5000', Seed: '2' });
    await batch.waitForState('run 0', 'Running');
    await batch.press('Pause');
    await batch.waitForBatch('Paused');
    await expect.poll(() => batch.row('run 0').innerText(), PATIENCE).toContain('keeps its memory');
    await batch.press('Resume');
    await batch.waitForBatch('Running');
    await batch.oneMoreWorker();
    await batch.waitForState('run 1', 'Running');
    await batch.press('Stop at checkpoint');
    await batch.waitForBatch('Interrupted');
    expect(await batch.state('run 0')).toBe('Interrupted');
    await batch.press('Resume');
    await batch.waitForState('run 0', 'Running');
    await batch.press('Stop at checkpoint');
    await batch.waitForBatch('Interrupted');
  });

  it('follows the end of a log until somebody reads further up, and again from its end', async () => {
    const batch = await start('slow', { Count: '1', Steps: '100000', Pauses: '0.005', Seed: '9' });
    await batch.waitForState('run 0', 'Running');
    await batch.select('run 0');
    const follow = batch.page.getByLabel('Follow');
    await expect.poll(() => batch.log().innerText(), PATIENCE).toContain('line for step 300');
    expect(await follow.isChecked()).toBe(true);
    await batch.log().hover();
    await batch.page.mouse.wheel(0, -300);
    await expect.poll(() => follow.isChecked(), PATIENCE).toBe(false);
    await expect.poll(() => batch.topLogLine(), PATIENCE).toMatch(/line for step/);
    const top = await batch.topLogLine();
    const lines = await batch.logLines();
    await expect.poll(() => batch.logLines(), PATIENCE).toBeGreaterThan(lines + 20);
    expect(await batch.topLogLine()).toBe(top);
    await batch.page.mouse.wheel(0, 1_000_000);
    await expect.poll(() => follow.isChecked(), PATIENCE).toBe(true);
    await follow.uncheck();
    expect(await follow.isChecked()).toBe(false);
    await batch.press('Stop at checkpoint');
    await batch.waitForBatch('Interrupted');
  });

  it('shows every worker side by side and merged, with a filter', async () => {
    const batch = await start('slow', { Count: '2', Steps: '250', Workers: '2', Seed: '3' });
    await batch.waitForState('run 1', 'Running');
    await batch.tab('Grid');
    for (const name of ['run 0', 'run 1'])
      await expect.poll(() => batch.cell(name).innerText(), PATIENCE).toContain('line for step');
    await batch.tab('Merged');
    await expect.poll(() => batch.merged().innerText(), PATIENCE).toMatch(/W1[\s\S]*W2|W2[\s\S]*W1/);
    await batch.page.getByLabel('Filter the merged logs').fill('green|step 1[05]$');
    await expect
      .poll(
        async () =>
          (await batch.merged().locator('.log-text').allInnerTexts()).every((line) =>
            /green|step 1[05]/.test(line),
          ),
        PATIENCE,
      )
      .toBe(true);
    await window.disconnect();
    await window.page.getByRole('alert').getByText('Not connected.').waitFor();
    window.reconnect();
    await batch.waitForBatch('Finished');
    await batch.page.getByLabel('Filter the merged logs').fill('line for step');
    // 50 lines of each run, each once, though the connection was cut in between.
    await expect
      .poll(async () => await batch.page.getByText(/lines as they arrived/).innerText(), PATIENCE)
      .toBe('100 lines as they arrived');
  });

  it('takes what is typed into a live run', async () => {
    const batch = await start('asking');
    await batch.waitForState('run 0', 'Running');
    await batch.tab('Terminal');
    await expect.poll(() => batch.terminal().innerText(), PATIENCE).toContain('your word:');
    await batch.terminal().click();
    await batch.page.keyboard.type('lighthouse');
    await batch.page.keyboard.press('Enter');
    await expect.poll(() => batch.terminal().innerText(), PATIENCE).toContain('heard lighthouse');
    await batch.waitForBatch('Finished');
    expect(await batch.state('run 0')).toBe('Succeeded');
  });

  it('shows phases side by side and says what waits for what', async () => {
    const batch = await start('phased', { Workers: '2' });
    await expect.poll(() => batch.phases(), PATIENCE).toHaveLength(2);
    await batch.waitForState('run 1', 'Waiting');
    expect(await batch.row('run 1').innerText()).toContain('phase "first"');
    await batch.waitForBatch('Finished');
    expect((await batch.phases()).map((text) => text.replaceAll('\n', ' '))).toEqual([
      'first 3 of 3',
      'second 3 of 3',
    ]);
    expect(await batch.verify()).toEqual([
      ['first', 'main', '3', '0', '3', '3', 'Complete'],
      ['second', 'main', '3', '0', '3', '3', 'Complete'],
    ]);
    await batch.page.getByText('All 6 expected results were read again and are valid.').waitFor();
  });

  it('goes to the first error of a log', async () => {
    const batch = await start('broken', { Seed: '4' });
    await batch.waitForBatch('Finished');
    await batch.select('run 1');
    await batch.press('Go to first error');
    const current = batch.log().locator('[data-current]');
    await expect.poll(() => current.innerText(), PATIENCE).toContain('Traceback');
    // One of two has no result, and the verification says which and why.
    expect(await batch.verify()).toEqual([['main', 'main', '2', '0', '2', '1', '1 missing']]);
    expect((await batch.missing())[0]).toMatch(/^run 1 .*made to fail/);
  });

  it('draws only what is in sight of 5,000 experiments, and finds every one of them', async () => {
    const launch = await window.launch();
    await launch.chooseWorkload('Steps');
    await launch.choosePreset('crowd');
    await launch.fill('Workers', '2');
    await expect.poll(async () => (await launch.planned())[0], { timeout: 60_000 }).toBe(0);
    expect((await launch.planned()).length).toBeLessThan(150);
    await launch.scrollPlanToEnd();
    await expect.poll(async () => (await launch.planned()).at(-1), PATIENCE).toBe(4_999);
    expect((await launch.planned()).length).toBeLessThan(150);
    const batch = await launch.start(5_000);
    await batch.waitForBatch('Running');
    await expect.poll(async () => (await batch.names()).length, PATIENCE).toBeGreaterThan(3);
    await expect.poll(async () => (await batch.figures())[0], PATIENCE).toMatch(/%$/);
    await batch.filter('queued');
    for (let click = 0; click < 2; click += 1) await batch.sortBy('#');
    await expect.poll(async () => (await batch.names())[0], PATIENCE).toBe('run 4999');
    await batch.select('run 4999');
    await batch.page.keyboard.press('ArrowDown');
    await expect.poll(() => batch.selected(), PATIENCE).toBe('run 4998');
    // Back to the order of starting, where the last is far below what is in sight.
    await batch.sortBy('#');
    await batch.page.keyboard.press('End');
    await expect.poll(() => batch.selected(), PATIENCE).toBe('run 4999');
    expect((await batch.names()).length).toBeLessThan(150);
    await batch.filter('number>=4000 and not number in (4001, 4002)');
    await batch.page.getByText('998 of 5,000').waitFor();
    // Grouped by what every one of them has another value of: heads are drawn as rows are.
    await batch.groupBy('Number');
    await expect.poll(async () => (await batch.groups())[0], PATIENCE).toMatch(/^▾ number 4000 1 /);
    expect((await batch.groups()).length).toBeLessThan(150);
    await batch.groupBy('State');
    await expect.poll(async () => (await batch.groups())[0], PATIENCE).toMatch(/ 998 .*Mark 998$/);
    await batch.page.locator('.experiments tr[data-group]').first().click();
    await expect.poll(() => batch.names(), PATIENCE).toEqual([]);
    await batch.groupBy('Not grouped');
    await batch.filter('run 4321');
    await expect.poll(() => batch.names(), PATIENCE).toEqual(['run 4321']);
    await batch.press('Stop at checkpoint');
    await batch.waitForBatch('Interrupted');
  });
});

describe('odd input', () => {
  it('keeps its shape with emoji, right-to-left text, 500 characters and nothing but NaN', async () => {
    const batch = await start('odd', { Workers: '3' });
    await batch.waitForBatch('Finished');
    expect(await batch.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await batch.page
      .getByRole('grid', { name: /^Experiments of/ })
      .locator('tbody tr')
      .first()
      .click();
    await batch.tab('Curves');
    await batch.page.getByText('not finite at 12 points').waitFor();
    await batch.page.getByText('no finite value').first().waitFor();
    await batch.tab('Time of day');
    await batch.page
      .getByText(/^step 11, \d\d:\d\d/)
      .first()
      .waitFor();
    await window.reload();
    // The window draws curves as it did before.
    const axis = batch.page.getByRole('radio', { name: 'Time of day' });
    await expect.poll(() => axis.getAttribute('aria-checked'), PATIENCE).toBe('true');
    expect(await batch.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  });

  it('made no error in the page', () => {
    expect(window.complaints).toEqual([]);
  });
});
