import type plotly from 'plotly.js/dist/plotly-cartesian.min.js';
import type { Figure } from '../views/results/figure.ts';

type Plotly = typeof plotly;

/** Size of an exported figure in CSS pixels: two columns of a journal page. */
const EXPORT = { width: 900, height: 560 };

/** PNG pixels per CSS pixel: 300 dots an inch at 3 inches. */
const PNG_SCALE = 3;

/** The plotting library, fetched when the first comparison is drawn and not before. */
export async function loadPlotly(): Promise<Plotly> {
  return (await import('plotly.js/dist/plotly-cartesian.min.js')).default;
}

/** An image of a figure as the browser would save it. */
export async function figureImage(figure: Figure, format: 'png' | 'svg'): Promise<Blob> {
  const library = await loadPlotly();
  const address = await library.toImage(figure, {
    format,
    ...EXPORT,
    ...(format === 'png' ? { scale: PNG_SCALE } : {}),
  });
  return blobOf(address);
}

/** The bytes of a `data:` address. Read by hand, because the page's policy lets nothing fetch such an address. */
export function blobOf(address: string): Blob {
  const comma = address.indexOf(',');
  const head = address.slice(5, comma);
  const body = address.slice(comma + 1);
  const type = head.split(';')[0] ?? 'application/octet-stream';
  if (!head.endsWith(';base64')) return new Blob([decodeURIComponent(body)], { type });
  return new Blob([Uint8Array.from(atob(body), (char) => char.charCodeAt(0))], { type });
}
