import type { Interpreter } from '../../shared/model/python.ts';

export interface Choice {
  readonly chosen: Interpreter | null;
  /** Which one and why, or what to do to get one. */
  readonly sentence: string;
}

/** The first usable interpreter in the order of preference; a given one is taken or nothing is. Pure. */
export function chooseInterpreter(interpreters: readonly Interpreter[]): Choice {
  const given = interpreters.find((one) => one.origin === 'given');
  if (given) {
    if (given.probe.kind === 'usable')
      return { chosen: given, sentence: `${nameOf(given)} is used because it was named.` };
    // Somebody who names a Python wants that one; training silently with another would mislead.
    return { chosen: null, sentence: given.probe.sentence };
  }
  const asked = interpreters.find((one) => one.origin === 'chosen');
  if (asked?.probe.kind === 'unusable') {
    return {
      chosen: null,
      sentence: `The Python that was chosen cannot train. ${asked.probe.sentence} Setup lets Minibatch choose again.`,
    };
  }
  const chosen = interpreters.find((one) => one.probe.kind === 'usable') ?? null;
  if (chosen) return { chosen, sentence: `${nameOf(chosen)} is used: ${reasons[chosen.origin]}.` };
  const seen = interpreters.length;
  return {
    chosen: null,
    sentence: `${
      seen === 0
        ? 'No Python was found'
        : `${seen === 1 ? 'The one Python found cannot' : `None of the ${seen} Pythons found can`} train (torch, numpy and scipy are needed)`
    }: let "minibatch doctor --prepare" prepare one, or name yours with --python.`,
  };
}

const reasons: Readonly<Record<Interpreter['origin'], string>> = {
  given: 'it was named',
  chosen: 'it was chosen in Setup',
  project: "the project's own environment comes first",
  managed: 'Minibatch prepared it',
  uv: 'it is the first one found that can train, installed by uv',
  conda: 'it is the first one found that can train, an environment of conda',
  pyenv: 'it is the first one found that can train, a version of pyenv',
  homebrew: 'it is the first one found that can train, installed by Homebrew',
  'python.org': 'it is the first one found that can train, installed from python.org',
  system: "it is the first one found that can train, the system's own",
};

function nameOf({ path, probe }: Interpreter): string {
  const facts = probe.facts;
  return facts ? `${path} (Python ${facts.version}, torch ${facts.modules.torch ?? '?'})` : path;
}
