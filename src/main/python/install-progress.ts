export interface InstallProgress {
  /** Reads one line of uv's or pip's output; returns the fraction done, 0 to 1, which never falls. */
  line(text: string): number;
}

const units: Readonly<Record<string, number>> = { k: 1 / 1024, K: 1 / 1024, M: 1, G: 1024 };

/**
 * How far an installation is, from its plain output. Downloads weigh by their size; how many there will be is
 * not known beforehand, so the fraction nears 0.7 as they go on and jumps where the installer says more.
 */
export function createInstallProgress(): InstallProgress {
  const announced = new Map<string, number>();
  let done = 0;
  let collected = 0;
  let fraction = 0;
  const reach = (value: number): number => {
    fraction = Math.max(fraction, Math.min(1, value));
    return fraction;
  };
  return {
    line(text) {
      // uv: `Downloading torch (106.1MiB)`, later ` Downloaded torch`.
      const begun = /^\s*Downloading (\S+) (?:\(download\) )?\(([\d.]+) ?([kKMG])i?B\)/.exec(text);
      if (begun?.[1]) announced.set(begun[1], Number(begun[2]) * (units[begun[3] ?? 'M'] ?? 1));
      const ended = /^\s*Downloaded (\S+)/.exec(text);
      if (ended?.[1]) done += announced.get(ended[1]) ?? 0;
      const all = [...announced.values()].reduce((sum, size) => sum + size, 0);
      if (ended && all > 0) return reach(0.1 + 0.6 * (done / all));
      // pip: `Collecting …` for each package (`Processing …` for a file at hand), then all are installed at once.
      if (/^\s*(Collecting|Processing) /.test(text)) {
        collected += 1;
        return reach(0.1 + 0.6 * (1 - 0.9 ** collected));
      }
      if (/^Prepared \d+ packages?/.test(text) || text.startsWith('Installing collected packages'))
        return reach(0.7);
      if (/^Installed \d+ packages?/.test(text) || text.startsWith('Successfully installed'))
        return reach(0.9);
      return fraction;
    },
  };
}
