import type { Page } from 'playwright-core';

export class MachinePage {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The figure beside a graph's title. */
  value(title: string): Promise<string> {
    return this.page
      .getByRole('region', { name: new RegExp(`^${title}: `) })
      .locator('.graph-value')
      .innerText();
  }

  /** How many different pixels a graph's canvas has: a drawn line makes more than an empty frame. */
  async ink(title: string): Promise<number> {
    const canvas = this.page.getByRole('region', { name: new RegExp(`^${title}: `) }).locator('canvas');
    await canvas.waitFor();
    return canvas.evaluate((element: HTMLCanvasElement) => {
      const data = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [];
      const colors = new Set<number>();
      for (let at = 0; at < data.length; at += 4) {
        colors.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
      }
      return colors.size;
    });
  }
}
