import type { Interpreter, InterpreterProbe } from '../../../../src/shared/model/python.ts';

export function facts(more: Partial<InterpreterProbe> = {}): InterpreterProbe {
  return {
    version: '3.12.4',
    architecture: 'arm64',
    prefix: '/somewhere',
    modules: { torch: '2.13.0', numpy: '2.4.6', scipy: '1.17.1' },
    mps: null,
    cuda: [],
    seconds: 1,
    ...more,
  };
}

export function usable(
  path: string,
  origin: Interpreter['origin'],
  more: Partial<InterpreterProbe> = {},
): Interpreter {
  return { path, origin, probe: { kind: 'usable', facts: facts({ prefix: path, ...more }) } };
}

export function bare(
  path: string,
  origin: Interpreter['origin'],
  more: Partial<InterpreterProbe> = {},
): Interpreter {
  const found = facts({ prefix: path, modules: {}, ...more });
  return {
    path,
    origin,
    probe: { kind: 'unusable', sentence: `${path} cannot import torch.`, facts: found },
  };
}
