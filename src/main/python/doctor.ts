import type { DoctorReport, InterpreterProbe } from '../../shared/model/python.ts';
import { ExpectedError } from '../../shared/model/error.ts';
import { openWorkspaceFolder } from '../platform/workspace-folder.ts';
import { workspaceHolder } from '../platform/workspace-lock.ts';
import { chooseInterpreter } from './choose.ts';
import { listInterpreters, type PythonOptions } from './find-python.ts';

export interface DoctorOptions extends PythonOptions {
  readonly workspace: string;
  /** Live supervisors that belong to no known run. */
  readonly strays?: () => Promise<DoctorReport['strays']>;
  /** What detection has to say about the machine, for example a translated build. */
  readonly notes?: readonly string[];
}

/** Looks at everything that a run needs. Whatever is wrong stands in `problems`; nothing here throws for it. */
export async function doctor(options: DoctorOptions): Promise<DoctorReport> {
  const [interpreters, workspace, strays] = await Promise.all([
    listInterpreters(options),
    checkWorkspace(options.workspace),
    options.strays?.() ?? Promise.resolve([]),
  ]);
  const { chosen, sentence } = chooseInterpreter(interpreters);
  return {
    interpreters,
    chosen: chosen?.path ?? null,
    sentence,
    devices: devicesOf({
      facts: chosen?.probe.facts ?? null,
      platform: options.platform,
      architecture: options.architecture,
    }),
    workspace,
    strays,
    problems: [
      ...(chosen ? [] : [sentence]),
      ...(workspace.ok ? [] : [workspace.sentence]),
      ...(options.notes ?? []),
      ...strays.map(
        ({ pid, folder }) =>
          `Process ${pid} of ${folder} is left over from a run that nobody knows: end it with "kill ${pid}".`,
      ),
    ],
  };
}

/** Devices that the chosen interpreter can use, each with a sentence; nothing can be said without one. */
export function devicesOf(options: {
  facts: InterpreterProbe | null;
  platform: NodeJS.Platform;
  architecture: string;
}): DoctorReport['devices'] {
  const { facts } = options;
  if (!facts) {
    return ['cpu', 'mps', 'cuda:0'].map((device) => ({
      device,
      available: false,
      sentence: 'Not known without a Python that has torch.',
    }));
  }
  const cuda = facts.cuda.map((card, index) => ({
    device: `cuda:${index}`,
    available: true,
    sentence: `${card.name} with ${gib(card.memoryBytes)} GiB of memory.`,
  }));
  return [
    { device: 'cpu', available: true, sentence: 'Always there, and usually fastest for small networks.' },
    {
      device: 'mps',
      ...mpsOf({ mps: facts.mps, platform: options.platform, architecture: options.architecture }),
    },
    ...(cuda.length > 0
      ? cuda
      : [{ device: 'cuda:0', available: false, sentence: 'torch sees no NVIDIA card: use the device cpu.' }]),
  ];
}

function mpsOf(options: { mps: InterpreterProbe['mps']; platform: NodeJS.Platform; architecture: string }): {
  available: boolean;
  sentence: string;
} {
  const { mps } = options;
  if (options.platform !== 'darwin' || options.architecture !== 'arm64') {
    return { available: false, sentence: 'Only Macs with Apple Silicon have it: use the device cpu.' };
  }
  if (mps?.available) {
    const recommended = mps.recommendedBytes;
    return {
      available: true,
      sentence:
        recommended === null
          ? "The Mac's GPU."
          : `The Mac's GPU, recommended for up to ${gib(recommended)} GiB.`,
    };
  }
  return {
    available: false,
    sentence: mps?.built
      ? 'torch knows the GPU but cannot use it here (an old macOS or a virtual machine): use the device cpu.'
      : 'This torch was built without MPS: install the official one, or use the device cpu.',
  };
}

async function checkWorkspace(path: string): Promise<DoctorReport['workspace']> {
  try {
    const state = await openWorkspaceFolder(path);
    const holder = workspaceHolder(path);
    const other = holder && holder.pid !== process.pid ? ` It is in use by process ${holder.pid}.` : '';
    return {
      path,
      ok: true,
      sentence: `${path} can be written, ${gib(state.freeBytes)} GiB are free.${other}`,
    };
  } catch (error) {
    if (error instanceof ExpectedError) return { path, ok: false, sentence: error.message };
    throw error;
  }
}

function gib(bytes: number): string {
  return (bytes / 1024 ** 3).toFixed(1);
}
