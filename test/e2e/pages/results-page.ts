import type { Page } from 'playwright-core';
import { downloaded } from './downloaded.ts';

export class ResultsPage {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until a figure of this kind is drawn. */
  async drawn(kind: string): Promise<this> {
    await this.page.locator(`[data-plot="${kind}"] .main-svg`).first().waitFor();
    return this;
  }

  async show(title: string): Promise<this> {
    await this.page.getByRole('radiogroup', { name: 'Figure' }).getByRole('radio', { name: title }).click();
    return this;
  }

  /** Groups the values by another column or parameter, named by its title. */
  async groupBy(title: string): Promise<this> {
    await this.page.getByLabel('Grouped by').selectOption({ label: title });
    return this;
  }

  /** Compares another metric, or another value of it, named by its title. */
  async choose(what: 'Metric' | 'Value', title: string): Promise<this> {
    await this.page.getByLabel(new RegExp(`^${what}`)).selectOption({ label: title });
    return this;
  }

  /** What a picker shows, with all that it offers. */
  async picker(what: 'Metric' | 'Value'): Promise<{ chosen: string; offered: string[] }> {
    const picker = this.page.getByLabel(new RegExp(`^${what}`));
    const offered = await picker.locator('option').allInnerTexts();
    const chosen = await picker.evaluate((element) => {
      const { selectedOptions } = element as HTMLSelectElement;
      return selectedOptions[0]?.innerText ?? '';
    });
    return { chosen, offered };
  }

  /** The heading of the screen. */
  title(): Promise<string> {
    return this.page.getByRole('heading', { level: 1 }).innerText();
  }

  /** How many rows the pickers stand in, and whether any reaches beyond the window, at a width in CSS pixels. */
  async pickersAt(width: number): Promise<{ rows: number; cut: boolean }> {
    await this.page.setViewportSize({ width, height: 900 });
    const boxes = await this.page
      .locator('.selection select')
      .evaluateAll((all) =>
        all.map((one) => one.getBoundingClientRect()).map(({ top, right }) => [top, right]),
      );
    return {
      rows: new Set(boxes.map(([top]) => top)).size,
      cut: boxes.some(([, right = 0]) => right > width),
    };
  }

  /** The figure's table: head first. */
  async table(): Promise<string[][]> {
    const table = this.page.getByRole('table', { name: 'The figure as a table' });
    await table.waitFor();
    return table
      .locator('tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('th, td')].map((cell) => (cell as HTMLElement).innerText)),
      );
  }

  async export(item: string): Promise<{ name: string; bytes: Buffer }> {
    await this.page.getByRole('button', { name: 'Export…' }).click();
    return downloaded(this.page, () => this.page.getByRole('menuitem', { name: item }).click());
  }

  /** Rows of the Mann-Whitney table. */
  tests(): Promise<string[][]> {
    return this.page
      .getByRole('table', { name: /^Mann-Whitney/ })
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText)),
      );
  }
}
