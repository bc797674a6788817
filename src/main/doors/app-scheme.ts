import { readFile } from 'node:fs/promises';
import { SECURITY_HEADERS } from './http-guard.ts';
import { locateStaticFile } from './static-files.ts';

export const APP_SCHEME = 'app';
const APP_HOST = 'minibatch';
export const APP_ADDRESS = `${APP_SCHEME}://${APP_HOST}/`;

/** Whether an address is a page of ours. A custom scheme has no origin in Node's URL, so the parts are compared. */
export function isAppAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${APP_SCHEME}:` && url.host === APP_HOST && url.port === '';
}

/** Answers a request of the window from the folder of the built renderer, with the headers of the served app. */
export async function answerAppRequest(folder: string, request: Request): Promise<Response> {
  const file =
    isAppAddress(request.url) && request.method === 'GET'
      ? locateStaticFile(folder, new URL(request.url).pathname)
      : null;
  // readFile, because Electron's archive of the packaged app supports it without a temporary copy.
  const bytes = file === null ? null : await readFile(file.path).catch(() => null);
  if (file === null || bytes === null) {
    return new Response('Not found', { status: 404, headers: SECURITY_HEADERS });
  }
  return new Response(new Uint8Array(bytes), { headers: { ...SECURITY_HEADERS, 'Content-Type': file.type } });
}
