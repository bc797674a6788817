import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * Plotly writes `<style>` elements, hence 'unsafe-inline' for styles only; scripts come from our own files
 * alone. `connect-src 'self'` covers the WebSocket of the same host.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');

/** Sent with every answer, errors included. No CORS header is ever sent. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

export interface GuardedRequest {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly upgrade: boolean;
}

/**
 * Why a request is refused before anybody asks who sent it, or null. The Host list stops rebinding names,
 * Origin stops other pages (other ports of localhost too, which SameSite cookies do not), and
 * Sec-Fetch-Site stops what the browser itself knows to be foreign.
 */
export function refusal(request: GuardedRequest, port: number): string | null {
  const host = request.headers.host ?? '';
  if (!localHosts(port).includes(host)) return 'This address is not served here.';
  const { origin } = request.headers;
  if (origin === undefined) {
    if (request.upgrade || !isReading(request.method)) return 'The request does not say which page sent it.';
  } else if (origin !== `http://${host}`) {
    return 'Requests of other pages are refused.';
  }
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    return 'Requests of other sites are refused.';
  return null;
}

function localHosts(port: number): readonly string[] {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`];
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Compares secrets in a time that tells nothing about them, their length included. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Value of a cookie, or null. */
export function readCookie(headers: IncomingHttpHeaders, name: string): string | null {
  for (const part of (headers.cookie ?? '').split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return null;
}

/** Token of an `Authorization: Bearer …` header, or null. */
export function readBearer(headers: IncomingHttpHeaders): string | null {
  const match = /^Bearer ([\w-]+)$/.exec(headers.authorization ?? '');
  return match?.[1] ?? null;
}
