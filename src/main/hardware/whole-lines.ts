/**
 * The text up to its last line end. Programs end every line; a last one without an end was cut off, and half
 * a number looks like a whole one.
 */
export function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}
