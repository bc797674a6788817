import { runProgram } from '../platform/process-runner.ts';

/** The log may need an administrator's account or be slow: then the cause stays unknown. */
const TIMEOUT_SECONDS = 1.5;

/** The kernel's record of killing this process for want of memory, from the text of `log show`; null = none. */
export function findKill(text: string, pid: number): string | null {
  const line = text
    .split('\n')
    .find((candidate) => candidate.includes('memorystatus: killing') && candidate.includes(`[${pid}]`));
  return line?.slice(line.indexOf('memorystatus:')).trim() ?? null;
}

/** Asks macOS whether it killed a process in the last seconds; null elsewhere, and when nothing can be learned. */
export async function kernelKillLine(pid: number): Promise<string | null> {
  if (process.platform !== 'darwin') return null;
  const predicate = `process == "kernel" AND eventMessage CONTAINS "memorystatus:" AND eventMessage CONTAINS "[${pid}]"`;
  const args = ['show', '--last', '10s', '--style', 'compact', '--predicate', predicate];
  const result = await runProgram('/usr/bin/log', args, { timeout: TIMEOUT_SECONDS });
  return findKill(result.stdout, pid);
}
