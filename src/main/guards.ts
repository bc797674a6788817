import { app, type Session, shell, type WebContents } from 'electron';
import { isAppAddress } from './doors/app-scheme.ts';

/** The only places outside that the app ever opens, in the person's browser. */
const OUTSIDE_HOSTS: ReadonlySet<string> = new Set(['pytorch.org', 'docs.pytorch.org']);
const PERMITTED = 'clipboard-sanitized-write';

/** Opens an allowed https page in the browser. Passes on the parsed address, never the text that was given. */
export function openOutside(address: string): void {
  const url = URL.parse(address);
  if (url?.protocol === 'https:' && OUTSIDE_HOSTS.has(url.hostname)) void shell.openExternal(url.href);
}

/** Locks every page of the app, the later ones too: no other address, no other window, no embedded page. */
export function guardPages(): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', (event) => {
      if (!isAppAddress(event.url)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isAppAddress(event.url)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!isAppAddress(event.url)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      openOutside(url);
      return { action: 'deny' };
    });
  });
}

/** Electron grants everything unless told otherwise; the app needs to copy text, nothing else. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(permission === PERMITTED));
  session.setPermissionCheckHandler((_contents, permission) => permission === PERMITTED);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
}
