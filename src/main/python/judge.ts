import type { Interpreter, InterpreterProbe } from '../../shared/model/python.ts';

/** What a run needs to be able to import. */
export const neededModules: readonly string[] = ['torch', 'numpy', 'scipy'];

/** The oldest Python for which the pinned torch is made. */
export const oldestPython = '3.10';

/** Whether an interpreter can train, and if not, why and what to do. Pure. */
export function judge(options: {
  path: string;
  facts: InterpreterProbe;
  /** Of the machine: `arm64` or `x64`. */
  architecture: string;
}): Interpreter['probe'] {
  const { path, facts } = options;
  const unusable = (sentence: string): Interpreter['probe'] => ({ kind: 'unusable', sentence, facts });
  if (normalArchitecture(options.architecture) !== normalArchitecture(facts.architecture)) {
    return unusable(
      `${path} is made for ${facts.architecture} and runs translated on this ${options.architecture} machine, without the GPU: install a Python for ${options.architecture}.`,
    );
  }
  if (isOlder(facts.version, oldestPython)) {
    return unusable(`${path} is Python ${facts.version}: version ${oldestPython} or newer is needed.`);
  }
  const missing = neededModules.filter((name) => !(name in facts.modules));
  if (missing.length > 0) {
    return unusable(
      `${path} (Python ${facts.version}) cannot import ${missing.join(', ')}: install ${missing.length > 1 ? 'them' : 'it'} there, or let Minibatch prepare a Python of its own.`,
    );
  }
  return { kind: 'usable', facts };
}

/** Whether the app's own Python programs run on it, which need no module. */
export function isModest(facts: InterpreterProbe): boolean {
  return !isOlder(facts.version, oldestPython);
}

/** Compares `3.9.1` with `3.10` by numbers; what cannot be read counts as older. */
function isOlder(version: string, than: string): boolean {
  const parts = (text: string): number[] =>
    text
      .split('.')
      .slice(0, 2)
      .map((part) => Number.parseInt(part, 10));
  const [major = 0, minor = 0] = parts(version).map((part) => (Number.isNaN(part) ? 0 : part));
  const [thanMajor = 0, thanMinor = 0] = parts(than);
  return major < thanMajor || (major === thanMajor && minor < thanMinor);
}

/** One word for the several names of an architecture. */
export function normalArchitecture(name: string): string {
  if (name === 'x64' || name === 'x86_64' || name === 'AMD64') return 'x64';
  return name === 'aarch64' ? 'arm64' : name;
}
