import type { Locator, Page } from 'playwright-core';
import { downloaded } from './downloaded.ts';
import { ResultsPage } from './results-page.ts';

export class BatchPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  row(name: string): Locator {
    return this.page.getByRole('grid', { name: /^Experiments of/ }).locator('tbody tr', { hasText: name });
  }

  async state(name: string): Promise<string> {
    return (await this.row(name).locator('[data-state]').getAttribute('data-state')) ?? '';
  }

  async waitForState(name: string, state: string): Promise<this> {
    await this.row(name).locator(`[data-state="${state}"]`).waitFor({ timeout: 60_000 });
    return this;
  }

  async waitForBatch(word: string): Promise<this> {
    await this.page
      .getByRole('region', { name: 'Progress' })
      .locator(`[data-state^="${word}"]`)
      .waitFor({ timeout: 90_000 });
    return this;
  }

  async select(name: string): Promise<this> {
    await this.row(name).click();
    await this.page.locator(`section[aria-label$=", ${name}"]`).waitFor();
    return this;
  }

  /** From the chosen row to this one. */
  async markTo(name: string): Promise<void> {
    await this.row(name).click({ modifiers: ['Shift'] });
  }

  async markAlso(name: string): Promise<void> {
    await this.row(name).click({ modifiers: ['Control'] });
  }

  /** What can be done with the marked rows, as its buttons say it. */
  markedActions(): Promise<string[]> {
    return this.page.getByRole('group', { name: 'Marked experiments' }).getByRole('button').allInnerTexts();
  }

  /** Lines of the sheet of differences, without its head. */
  async differences(): Promise<string[][]> {
    const rows = this.page.getByRole('table', { name: 'Differences between runs' }).locator('tbody tr');
    return rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('th, td')].map((cell) => (cell as HTMLElement).innerText)),
    );
  }

  selected(): Promise<string> {
    return this.page.locator('tr[aria-selected="true"] [data-column="name"]').innerText();
  }

  figures(): Promise<string[]> {
    return this.page.getByRole('region', { name: 'Progress' }).locator('.figure-number').allInnerTexts();
  }

  log(): Locator {
    return this.page.getByRole('log');
  }

  /** Text of the first line in sight. */
  topLogLine(): Promise<string> {
    return this.log().evaluate((log) => {
      const { left, top } = log.getBoundingClientRect();
      const line = document.elementFromPoint(left + 90, top + 12)?.closest('.log-line');
      return line?.querySelector('.log-text')?.textContent ?? '';
    });
  }

  async logLines(): Promise<number> {
    const text = await this.page.getByText(/^[\d,]+ lines?,/).innerText();
    return Number(/^[\d,]+/.exec(text)?.[0].replaceAll(',', ''));
  }

  async search(text: string): Promise<Locator> {
    await this.page.getByLabel('Search the log').fill(text);
    return this.page.getByRole('search').getByRole('status');
  }

  async press(button: string): Promise<this> {
    await this.page.getByRole('button', { name: button }).click();
    return this;
  }

  async tab(title: string): Promise<this> {
    await this.page.getByRole('radio', { name: title, exact: true }).click();
    return this;
  }

  async compare(): Promise<ResultsPage> {
    await this.press('Compare results');
    return new ResultsPage(this.page);
  }

  /** Names of the rows in sight, from the top. */
  names(): Promise<string[]> {
    return this.page
      .getByRole('grid', { name: /^Experiments of/ })
      .locator('tbody td[data-column="name"]')
      .allInnerTexts();
  }

  /** The logs of all workers: a cell each, or one list. */
  cell(name: string): Locator {
    return this.page.getByRole('log', { name: `Log of ${name}` });
  }

  merged(): Locator {
    return this.page.getByRole('log', { name: 'Logs of all workers' });
  }

  terminal(): Locator {
    return this.page.getByRole('group', { name: /^Terminal of/ });
  }

  phases(): Promise<string[]> {
    return this.page.getByRole('list', { name: 'Queues and phases' }).locator('li').allInnerTexts();
  }

  /** The log as the browser saves it. */
  downloadLog(): Promise<{ name: string; bytes: Buffer }> {
    return downloaded(this.page, () => this.page.getByRole('button', { name: 'Download' }).click());
  }

  /** Once up, twice down, three times back to the table's own order. */
  async sortBy(title: string): Promise<void> {
    const heads = this.page.getByRole('grid', { name: /^Experiments of/ }).locator('th');
    await heads.getByRole('button', { name: new RegExp(`^${title}`) }).click();
  }

  /** Heads of the groups in sight, as they read. */
  async groups(): Promise<string[]> {
    const heads = await this.page.locator('.experiments tr[data-group] .group-head').allInnerTexts();
    return heads.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  }

  async groupBy(title: string): Promise<void> {
    await this.page.getByLabel('Group experiments').selectOption({ label: title });
  }

  /** Titles of the columns, from the left. */
  columns(): Promise<string[]> {
    return this.page
      .getByRole('grid', { name: /^Experiments of/ })
      .locator('thead th')
      .allInnerTexts();
  }

  async filterProblem(): Promise<string> {
    return (await this.page.locator('.filter-problem').innerText()).replaceAll(/\s+/g, ' ');
  }

  /** The table as the browser saves it. */
  async downloadTable(): Promise<string> {
    await this.press('Export');
    const { bytes } = await downloaded(this.page, () =>
      this.page.getByRole('menuitem', { name: 'Download CSV' }).click(),
    );
    return bytes.toString();
  }

  async filter(text: string): Promise<void> {
    await this.page.getByLabel('Filter experiments').fill(text);
  }

  /** Results that a verification has missed. */
  missing(): Promise<string[]> {
    return this.page.getByRole('list', { name: 'Missing results' }).locator('li').allInnerTexts();
  }

  /** Opens the card of a batch at rest; cells of each phase and queue. */
  async verify(): Promise<string[][]> {
    await this.page.getByRole('heading', { name: 'Verification' }).click();
    const rows = this.page.getByRole('table', { name: 'Expected against found' }).locator('tbody tr');
    await rows.first().waitFor();
    return Promise.all((await rows.all()).map((row) => row.locator('td').allInnerTexts()));
  }

  async oneMoreWorker(): Promise<void> {
    await this.page.getByRole('button', { name: 'One more worker' }).click();
  }
}
