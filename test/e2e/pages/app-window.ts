import { type Browser, chromium, type Page, type WebSocketRoute } from 'playwright-core';
import { findChromium } from '../../../scripts/lib/chromium.mjs';
import type { ServedApp } from '../../support/served-app.ts';
import { BatchPage } from './batch-page.ts';
import { LaunchPage } from './launch-page.ts';
import { MachinePage } from './machine-page.ts';
import { ResultsPage } from './results-page.ts';
import { SetupPage } from './setup-page.ts';

export interface WindowOptions {
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

/** One browser window on a served app: where a test begins. */
export class AppWindow {
  readonly page: Page;
  /** Console errors, uncaught exceptions and violations of the security policy, as they came. */
  readonly complaints: string[] = [];
  private readonly browser: Browser;
  private readonly sockets = new Set<WebSocketRoute>();
  private down = false;

  private constructor(browser: Browser, page: Page) {
    this.browser = browser;
    this.page = page;
  }

  static async open(app: ServedApp, options: WindowOptions = {}): Promise<AppWindow> {
    const executablePath = findChromium();
    if (executablePath === null) throw new Error('No Chromium was found.');
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      acceptDownloads: true,
    });
    const window = new AppWindow(browser, await context.newPage());
    await window.listen();
    await window.page.goto(app.loginUrl);
    await window.page.getByRole('navigation').waitFor();
    return window;
  }

  private async listen(): Promise<void> {
    this.page.on('console', (message) => {
      // The browser itself reports a socket that was cut on purpose.
      if (message.type() === 'error' && !message.text().includes('WebSocket'))
        this.complaints.push(message.text());
    });
    this.page.on('pageerror', (error) => this.complaints.push(error.message));
    await this.page.addInitScript(() => {
      addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`),
      );
    });
    await this.page.routeWebSocket(/\/socket$/, (socket) => {
      if (this.down) {
        void socket.close();
        return;
      }
      socket.connectToServer();
      this.sockets.add(socket);
    });
  }

  /** Cuts the connection to the core and keeps it cut. */
  async disconnect(): Promise<void> {
    this.down = true;
    for (const socket of this.sockets) await socket.close();
    this.sockets.clear();
  }

  reconnect(): void {
    this.down = false;
  }

  private async follow(link: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: link }).first().click();
  }

  async launch(): Promise<LaunchPage> {
    await this.follow('Launch');
    return new LaunchPage(this.page);
  }

  /** The launch screen that something else has led to. */
  onLaunch(): LaunchPage {
    return new LaunchPage(this.page);
  }

  async batches(): Promise<void> {
    await this.follow('Batches');
  }

  async go(hash: string): Promise<void> {
    await this.page.evaluate((to) => {
      location.hash = to;
    }, hash);
  }

  /** Drops a file on the window, as from a folder. A browser gives the page its name and text, and no path. */
  async drop(name: string, text: string): Promise<void> {
    await this.page.evaluate(
      ([file, content]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([content], file));
        for (const type of ['dragover', 'drop'])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      },
      [name, text] as const,
    );
  }

  async results(): Promise<ResultsPage> {
    await this.follow('Results');
    return new ResultsPage(this.page);
  }

  async machine(): Promise<MachinePage> {
    await this.follow('Machine');
    return new MachinePage(this.page);
  }

  async setup(): Promise<SetupPage> {
    await this.follow('Setup');
    return new SetupPage(this.page);
  }

  async reload(): Promise<BatchPage> {
    await this.page.reload();
    return new BatchPage(this.page);
  }

  theme(): Promise<string | null> {
    return this.page.locator('html').getAttribute('data-theme');
  }

  /** Buttons, links and fields without a name that a screen reader could say, as HTML. */
  unnamed(): Promise<string[]> {
    return this.page.evaluate(() => {
      const named = (element: Element): boolean =>
        (element.getAttribute('aria-label') ?? '') !== '' ||
        (element.textContent ?? '').trim() !== '' ||
        ((element as HTMLInputElement).labels?.length ?? 0) > 0;
      return [
        ...document.querySelectorAll('button, a, input, select, [role="grid"], [role="table"], [role="img"]'),
      ]
        .filter((element) => !named(element))
        .map((element) => element.outerHTML.slice(0, 120));
    });
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
