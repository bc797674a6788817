/** Whether this window runs on a Mac: decides which key is "the" modifier. */
export function isMac(): boolean {
  return navigator.userAgent.includes('Mac OS X');
}
