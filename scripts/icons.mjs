import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import png2icons from 'png2icons';
import { chromium } from 'playwright-core';
import { findChromium } from './lib/chromium.mjs';
import { ROOT } from './lib/paths.mjs';

const FOLDER = join(ROOT, 'resources', 'icons');
/** Drawing, picture, edge in pixels. A name that ends in Template makes macOS colour the picture itself. */
const PICTURES = [
  ['icon.svg', 'icon.png', 1024],
  ['tray.svg', 'trayTemplate.png', 16],
  ['tray.svg', 'trayTemplate@2x.png', 32],
];

/** Draws the pictures anew after a change of the SVG files; the results are committed. */
const browser = await chromium.launch({
  executablePath: findChromium() ?? undefined,
  args: ['--no-sandbox'],
});
for (const [drawing, picture, edge] of PICTURES) {
  const page = await browser.newPage({ viewport: { width: edge, height: edge } });
  const svg = readFileSync(join(FOLDER, drawing), 'utf8');
  await page.setContent(
    `<style>body{margin:0}svg{display:block;width:${edge}px;height:${edge}px}</style>${svg}`,
  );
  await page.screenshot({ path: join(FOLDER, picture), omitBackground: true });
}
await browser.close();
const icns = png2icons.createICNS(readFileSync(join(FOLDER, 'icon.png')), png2icons.BICUBIC2, 0);
writeFileSync(join(FOLDER, 'icon.icns'), icns);
