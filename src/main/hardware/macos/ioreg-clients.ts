/**
 * GPU nanoseconds so far by pid, from `ioreg -r -d 1 -w 0 -c AGXDeviceUserClient`. A process may have several
 * clients. Idle clients count as 0, so that their first work shows; blocks without a creator are skipped.
 */
export function parseGpuClients(text: string): Map<number, number> {
  const nanoseconds = new Map<number, number>();
  for (const block of text.split(/^\+-o /m)) {
    const pid = /"IOUserClientCreator" = "pid (\d+),/.exec(block)?.[1];
    // The usage stands before the creator, so a block is read as a whole.
    const usage = /"AppUsage" = \(([^()]*)\)/.exec(block)?.[1];
    if (pid === undefined || usage === undefined) continue;
    let sum = 0;
    for (const entry of usage.matchAll(/"accumulatedGPUTime"=(\d+)/g)) sum += Number(entry[1]);
    nanoseconds.set(Number(pid), (nanoseconds.get(Number(pid)) ?? 0) + sum);
  }
  return nanoseconds;
}

/**
 * Per cent of the GPU by pid between two readings. A process new in the second one has no value yet; a
 * counter that fell (a client was closed) counts as 0.
 */
export function gpuPercents(options: {
  before: ReadonlyMap<number, number>;
  after: ReadonlyMap<number, number>;
  seconds: number;
}): Map<number, number> {
  const percents = new Map<number, number>();
  if (options.seconds <= 0) return percents;
  for (const [pid, nanoseconds] of options.after) {
    const earlier = options.before.get(pid);
    if (earlier === undefined) continue;
    percents.set(pid, (Math.max(0, nanoseconds - earlier) / (options.seconds * 1e9)) * 100);
  }
  return percents;
}
