import type { Hardware } from '../../src/main/hardware/hardware.ts';
import type { MachineSample, ProcessSample } from '../../src/shared/model/hardware.ts';

export interface StillMachine extends Hardware {
  /** Changes the machine and tells everyone who listens. */
  set(change: Partial<MachineSample['memory']> & { freeDiskBytes?: number }): void;
  readonly listeners: number;
}

/** A machine that stays as it is until a test changes it. Process trees are not measured. */
export function createStillMachine(cores = 8): StillMachine {
  const listeners = new Set<(sample: MachineSample) => void>();
  const started = Date.now() / 1000;
  let sample: MachineSample = {
    t: started,
    cpuPercent: 10,
    perCore: [],
    loadAverage: 0.1,
    memory: {
      totalBytes: 16 * 2 ** 30,
      usedBytes: 4 * 2 ** 30,
      availableBytes: 12 * 2 ** 30,
      appBytes: null,
      wiredBytes: null,
      compressedBytes: null,
      cachedBytes: null,
      swapUsedBytes: 0,
      swapTotalBytes: 2 ** 30,
      pressure: 'normal',
    },
    gpu: null,
    disk: { freeBytes: 100 * 2 ** 30, totalBytes: 200 * 2 ** 30 },
    thermal: null,
    sources: {},
  };
  const now = (): MachineSample => ({ ...sample, t: Date.now() / 1000 });
  return {
    facts: {
      platform: 'linux',
      osVersion: 'test',
      model: null,
      chip: 'test',
      architecture: 'x64',
      memoryBytes: 16 * 2 ** 30,
      cores,
      coreLevels: [],
      gpu: null,
      translated: false,
      notes: [],
    },
    latest: now,
    sample: async () => now(),
    history: () => [],
    onSample(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    trees: async (roots) => new Map(roots.map((pid) => [pid, [] as ProcessSample[]])),
    close: () => undefined,
    set({ freeDiskBytes, ...memory }) {
      const disk =
        sample.disk && freeDiskBytes !== undefined
          ? { ...sample.disk, freeBytes: freeDiskBytes }
          : sample.disk;
      sample = { ...sample, memory: { ...sample.memory, ...memory }, disk };
      for (const listener of [...listeners]) listener(now());
    },
    get listeners() {
      return listeners.size;
    },
  };
}
