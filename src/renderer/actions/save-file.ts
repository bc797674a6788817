/** Hands a file to the browser's own download. */
export function saveBlob(name: string, blob: Blob): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download keeps the data; the address may go once the click was handled.
  setTimeout(() => URL.revokeObjectURL(address), 0);
}

/** `type` without a character set; the text is saved as UTF-8. */
export function saveText(name: string, text: string, type: string): void {
  saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));
}
