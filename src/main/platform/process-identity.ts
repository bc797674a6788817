import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names a process beyond its pid, in the form of docs/formats.md: `linux:<boot id>:<start ticks>` or
 * `darwin:<lstart of ps>`. Null = no such process, or it is a zombie (dead, only not yet collected).
 * Synchronous because a caller that compares and then signals must not be interrupted in between.
 */
export function startToken(pid: number): string | null {
  if (!Number.isSafeInteger(pid) || pid <= 0) return null;
  return process.platform === 'linux' ? linuxToken(pid) : psToken(pid);
}

/** True only if the pid still names the process that the token was taken from. */
export function isAlive(pid: number, token: string): boolean {
  return startToken(pid) === token;
}

/**
 * Start ticks and state from the text of `/proc/<pid>/stat`. The name in brackets may itself hold blanks and
 * brackets, so the fields are counted from the last `)`: state is the first after it, start time the 20th.
 */
export function parseStartTicks(stat: string): { state: string; ticks: string } | null {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(/\s+/);
  const state = fields[0];
  const ticks = fields[19];
  return state && ticks && /^\d+$/.test(ticks) ? { state, ticks } : null;
}

function linuxToken(pid: number): string | null {
  try {
    const found = parseStartTicks(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    if (!found || found.state === 'Z' || found.state === 'X') return null;
    return `linux:${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${found.ticks}`;
  } catch {
    return null;
  }
}

function psToken(pid: number): string | null {
  try {
    // lstart follows locale and time zone: without these two, a journey would make every token stale.
    const text = execFileSync('/bin/ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5_000,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return parsePsToken(text);
  } catch {
    return null;
  }
}

/** From one line of `ps -o stat=,lstart=`. */
export function parsePsToken(text: string): string | null {
  const match = /^\s*(\S+)\s+(\S.*\S)\s*$/.exec(text.trim());
  if (!match?.[1] || !match[2] || match[1].startsWith('Z')) return null;
  return `darwin:${match[2]}`;
}
