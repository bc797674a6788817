import { dirname } from 'node:path';
import { splitDevices, visibleDevices } from '../../shared/domain/device-set.ts';

/** Taken over from the app's own environment; everything else is left behind. */
const INHERITED = ['HOME', 'LANG', 'TMPDIR', 'USER', 'SHELL'] as const;
const SYSTEM_PATH = '/usr/bin:/bin:/usr/sbin:/sbin';
const THREAD_CAPS = [
  'OMP_NUM_THREADS',
  'MKL_NUM_THREADS',
  'OPENBLAS_NUM_THREADS',
  'VECLIB_MAXIMUM_THREADS',
  'NUMEXPR_NUM_THREADS',
] as const;
/** PyTorch's own default of the soft limit; above it the hard limit may not be lower than the soft one. */
const LOW_WATERMARK_DEFAULT = 1.4;

export interface EnvironmentOptions {
  /** The app's environment. */
  readonly base: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** `cpu`, `mps`, `cuda:<n>`, or several: `cuda:0+cuda:1`. */
  readonly device: string;
  readonly threads: number;
  /** Share of the GPU's recommended memory that this run may use; null = PyTorch's own limit. */
  readonly mpsShare: number | null;
}

export interface RunVariables {
  readonly folder: string;
  readonly batch: string;
  readonly index: number;
  readonly attempt: number;
  readonly seed: number;
  readonly resumeFrom: string | null;
}

/**
 * What a worker starts with, the same for all runs of one kind. Built up from nothing rather than cleaned, so
 * that no ELECTRON_*, NODE_OPTIONS, MallocNanoZone, VIRTUAL_ENV or PYTHONPATH of the app reaches a training.
 */
export function workerEnvironment(options: EnvironmentOptions): Record<string, string> {
  const environment: Record<string, string> = {
    PATH: `${dirname(options.python)}:${options.base.PATH || SYSTEM_PATH}`,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    COLUMNS: '120',
    LINES: '40',
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    PYTHONIOENCODING: 'utf-8',
    PYTORCH_ENABLE_MPS_FALLBACK: '1',
    CUDA_VISIBLE_DEVICES: cardNumbers(options.device).join(','),
  };
  for (const name of INHERITED) {
    const value = options.base[name];
    if (value) environment[name] = value;
  }
  for (const name of THREAD_CAPS) environment[name] = String(options.threads);
  if (options.device === 'mps' && options.mpsShare !== null) {
    const high = options.mpsShare;
    environment.PYTORCH_MPS_HIGH_WATERMARK_RATIO = high.toFixed(3);
    environment.PYTORCH_MPS_LOW_WATERMARK_RATIO = Math.min(LOW_WATERMARK_DEFAULT, 0.9 * high).toFixed(3);
  }
  return environment;
}

function cardNumbers(device: string): string[] {
  return splitDevices(device).flatMap((one) => /^cuda:(\d+)$/.exec(one)?.[1] ?? []);
}

/** What tells a run which one it is. */
export function runVariables(run: RunVariables): Record<string, string> {
  return {
    MINIBATCH_RUN_DIR: run.folder,
    MINIBATCH_BATCH_ID: run.batch,
    MINIBATCH_RUN_ID: `${run.batch}/${run.index}/${run.attempt}`,
    MINIBATCH_SEED: String(run.seed),
    MINIBATCH_ATTEMPT: String(run.attempt),
    MINIBATCH_RESUME_FROM: run.resumeFrom ?? '',
  };
}

/** The name of a run's device, or of its first, inside a process that sees only its own. */
export function visibleDevice(device: string): string {
  return visibleDevices(device)[0] ?? device;
}

/**
 * Share of Metal's recommended memory for one run (0 to 2), from the memory it is granted. Recommended is two
 * thirds of the memory up to 32 GB and three quarters above.
 */
export function mpsShare(grantedMb: number, memoryBytes: number): number {
  const recommended = memoryBytes * (memoryBytes <= 32 * 2 ** 30 ? 2 / 3 : 0.75);
  return Math.min(2, Math.max(0.05, (grantedMb * 2 ** 20) / recommended));
}
