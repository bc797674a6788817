import { describe, expect, it } from 'vitest';
import { parseCoreTimes } from '../../../../src/main/hardware/linux/proc-stat.ts';
import { createProcessTable, type ProcessRow } from '../../../../src/main/hardware/process-table.ts';

function row(pid: number, parent: number, cpuSeconds = 0): ProcessRow {
  return { pid, parent, name: `p${pid}`, cpuSeconds, threads: 1 };
}

/** A machine whose processes a test sets, and which remembers what was asked for. */
function machine(all: ProcessRow[]) {
  let now = 100;
  const asked: (readonly number[] | null)[] = [];
  const table = createProcessTable(
    {
      async rows(pids) {
        asked.push(pids);
        return pids === null ? [...all] : all.filter(({ pid }) => pids.includes(pid));
      },
      details: async () => new Map(),
    },
    () => now,
  );
  return {
    all,
    asked,
    async pids(root: number, after: number) {
      now += after;
      return (await table.trees([root])).get(root)?.map(({ pid }) => pid);
    },
    async percents(root: number, after: number) {
      now += after;
      return (await table.trees([root])).get(root)?.map(({ cpuPercent }) => cpuPercent);
    },
  };
}

describe('the trees of processes', () => {
  it('are searched for now and then, and their members read in between', async () => {
    const { all, asked, pids } = machine([row(1, 0), row(2, 1), row(3, 2), row(9, 1)]);
    expect(await pids(2, 0)).toEqual([2, 3]);
    all.push(row(4, 3));
    expect(await pids(2, 1)).toEqual([2, 3]);
    expect(await pids(2, 1)).toEqual([2, 3]);
    expect(await pids(2, 2)).toEqual([2, 3, 4]);
    expect(asked).toEqual([null, [2, 3], [2, 3], null]);
  });

  it('are searched for at once where a root is not known yet', async () => {
    const { all, asked, pids } = machine([row(1, 0), row(2, 1)]);
    await pids(2, 0);
    all.push(row(5, 1), row(6, 5));
    expect(await pids(5, 0.1)).toEqual([5, 6]);
    expect(asked).toEqual([null, null]);
  });

  it('tell the processor use of members from reading to reading', async () => {
    const { all, percents } = machine([row(2, 1, 10)]);
    expect(await percents(2, 0)).toEqual([null]);
    all[0] = row(2, 1, 11);
    expect(await percents(2, 2)).toEqual([50]);
  });
});

describe('/proc/stat', () => {
  it('gives what each core has done, whatever the kernel counts besides', () => {
    const text = 'cpu  30 0 0 50 0 0 0 0 0 0\ncpu0 10 1 2 30 4 5 6 7 8 9\ncpu1 20 0 0 20\nintr 5 4\nctxt 3\n';
    expect(parseCoreTimes(text)).toEqual([
      { busy: 240, total: 650 },
      { busy: 200, total: 400 },
    ]);
    expect(parseCoreTimes('')).toEqual([]);
  });
});
