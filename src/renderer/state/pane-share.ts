/** The second pane's part of what two panes share, and how far a person can move the line between them. */
export const PANE_SHARE = { usual: 0.46, least: 0.15, most: 0.85 };

/** A share that leaves both panes something; anything that is none becomes the usual one. */
export function readPaneShare(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return PANE_SHARE.usual;
  return Math.min(PANE_SHARE.most, Math.max(PANE_SHARE.least, value));
}
