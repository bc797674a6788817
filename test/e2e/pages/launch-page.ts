import type { Locator, Page } from 'playwright-core';
import { BatchPage } from './batch-page.ts';

export class LaunchPage {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async chooseWorkload(title: string): Promise<this> {
    await this.page.getByRole('radiogroup', { name: 'Workload' }).getByRole('radio', { name: title }).click();
    await this.page.getByRole('heading', { level: 1, name: title }).waitFor();
    return this;
  }

  async choosePreset(name: string): Promise<this> {
    await this.page.locator(`[data-preset="${name}"]`).click();
    return this;
  }

  /** The card of a preset or suite, by its title. */
  card(title: string): Locator {
    return this.page
      .getByRole('radiogroup', { name: 'Preset' })
      .getByRole('radio', { name: new RegExp(`^${title}\\b`) });
  }

  value(option: string): Promise<string> {
    return this.page.getByLabel(option, { exact: true }).inputValue();
  }

  /** What of the form differs from its preset, in words. */
  changes(): Promise<string> {
    return this.page.getByRole('region', { name: 'Preset as it is set' }).locator('p').innerText();
  }

  async savePreset(title: string, summary: string): Promise<this> {
    await this.page.getByRole('button', { name: 'Save as preset…' }).click();
    await this.namePreset(title, summary);
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
    return this;
  }

  /** Fills the sheet that asks for a name, and sends it. */
  async namePreset(title: string, summary: string): Promise<this> {
    const sheet = this.page.getByRole('dialog');
    await sheet.getByLabel('Name', { exact: true }).fill(title);
    await sheet.getByLabel('What it is for').fill(summary);
    await sheet.getByRole('button', { name: /^(Save|Rename)$/ }).click();
    return this;
  }

  /** What the parameters of a suite multiply to. */
  runCount(): Promise<string> {
    return this.page.getByRole('status', { name: 'Runs' }).innerText();
  }

  /** How a parameter of a suite is set: value, list, range, random. */
  wayOf(parameter: string): Promise<string> {
    return this.page.getByLabel(`How ${parameter} varies`).inputValue();
  }

  async setWay(parameter: string, way: string): Promise<this> {
    await this.page.getByLabel(`How ${parameter} varies`).selectOption(way);
    return this;
  }

  async fillAxis(parameter: string, texts: Readonly<Record<string, string>>): Promise<this> {
    const field = this.parameter(parameter);
    for (const [label, text] of Object.entries(texts))
      await field.getByLabel(label, { exact: true }).fill(text);
    return this;
  }

  async letGoTogether(parameter: string): Promise<this> {
    await this.parameter(parameter).getByLabel('advances together with others').check();
    return this;
  }

  async importTable(name: string, text: string): Promise<this> {
    const chooser = this.page.waitForEvent('filechooser');
    await this.page.getByRole('button', { name: 'Import CSV…' }).click();
    await (await chooser).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
    return this;
  }

  private parameter(name: string): Locator {
    return this.page.locator('.parameter', { has: this.page.getByLabel(`How ${name} varies`) });
  }

  /** The marked line of a suite's text, and what is wrong there. */
  async suiteProblem(): Promise<{ line: string; words: string }> {
    const line = this.page.getByRole('list', { name: /^Text of/ }).locator('[data-problem]');
    return {
      line: await line.locator('code').innerText(),
      words: (await line.getByRole('alert').innerText()).trim(),
    };
  }

  /** What a dropped suite would run. */
  droppedExperiments(): Promise<string[][]> {
    const rows = this.page.getByRole('table', { name: 'Experiments of the suite' }).locator('tbody tr');
    return rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText)),
    );
  }

  async fill(option: string, text: string): Promise<this> {
    await this.page.getByLabel(option, { exact: true }).fill(text);
    return this;
  }

  /** The sentence under a field. */
  async problemOf(option: string): Promise<string> {
    const described = await this.page.getByLabel(option, { exact: true }).getAttribute('aria-describedby');
    const problem = this.page.locator(`[id="${described}"].field-error`);
    await problem.waitFor();
    return problem.innerText();
  }

  /** What the core says against the plan as a whole. */
  async refusal(): Promise<string> {
    const alert = this.page.getByRole('region', { name: 'Plan' }).getByRole('alert');
    await alert.waitFor();
    return alert.innerText();
  }

  /** The rows of the plan, once it is up to date with the form. */
  async plan(): Promise<string[][]> {
    await this.settled();
    const rows = this.page.getByRole('grid', { name: 'Plan' }).locator('tbody tr');
    return rows.evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.innerText)),
    );
  }

  /** The numbers of the rows of the plan that are in the document: of a long plan those in sight. */
  async planned(): Promise<number[]> {
    await this.settled();
    const cells = this.page.getByRole('grid', { name: 'Plan' }).locator('tbody td[data-column="index"]');
    return (await cells.allInnerTexts()).map(Number);
  }

  async scrollPlanToEnd(): Promise<void> {
    await this.page.locator('.plan .table-scroll > div').evaluate((box) => {
      box.scrollTop = box.scrollHeight;
    });
  }

  /** The sentence of the worker arithmetic. */
  async arithmetic(): Promise<string> {
    await this.settled();
    return this.page.locator('.plan-words p').first().innerText();
  }

  private async settled(): Promise<void> {
    // The plan follows the form after a short pause, so "up to date" is: the start button can be pressed.
    await this.page.locator('.plan-body:not([data-stale])').waitFor();
  }

  /** Presses the button under the plan that starts the marked experiments. */
  async startOnly(words: string): Promise<BatchPage> {
    await this.page.getByRole('button', { name: words }).click();
    await this.page.waitForURL(/#\/batch\//);
    return new BatchPage(this.page);
  }

  startButton() {
    return this.page.getByRole('button', { name: /^Start/ });
  }

  async start(experiments: number): Promise<BatchPage> {
    const count = experiments.toLocaleString('en');
    await this.page.getByRole('button', { name: `Start ${count} experiment` }).click();
    await this.page.waitForURL(/#\/batch\//);
    return new BatchPage(this.page);
  }
}
