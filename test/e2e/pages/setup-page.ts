import type { Locator, Page } from 'playwright-core';

export class SetupPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits for a report. */
  async ready(): Promise<void> {
    await this.page.getByText('Looked at on').waitFor({ timeout: 60_000 });
  }

  headline(): Promise<string> {
    return this.page.getByRole('region', { name: 'Verdict' }).getByRole('heading').innerText();
  }

  /** State and sentence of a line. */
  async check(id: string): Promise<{ state: string | null; text: string }> {
    const line = this.line(id);
    return {
      state: await line.locator('.state').getAttribute('data-state'),
      text: await line.locator('p').innerText(),
    };
  }

  line(id: string): Locator {
    return this.page.locator(`[data-check="${id}"]`);
  }

  /** The Pythons found, each with its word and its path. */
  async pythons(): Promise<{ word: string | null; path: string }[]> {
    const rows = await this.page.getByRole('list', { name: 'Pythons found' }).getByRole('listitem').all();
    return Promise.all(
      rows.map(async (row) => ({
        word: await row.locator('.state').getAttribute('data-state'),
        path: await row.locator('.mono').innerText(),
      })),
    );
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).first().click();
  }
}
