import { homedir } from 'node:os';
import type { Handlers } from '../../../shared/contract/contract.ts';
import { expandSuite } from '../../../shared/domain/suite-plan.ts';
import { suiteParameters, sweepFacts } from '../../../shared/domain/suite-parameters.ts';
import { redactHome } from '../../../shared/domain/redact-home.ts';
import { ExpectedError } from '../../../shared/model/error.ts';
import { planRequest } from '../../../shared/model/plan.ts';
import type { SuiteCheck, SuiteEntry } from '../../../shared/model/suite-entry.ts';
import { sha256 } from '../../platform/hash.ts';
import {
  parseSuite,
  readSuite,
  readSuiteText,
  type SuiteFile,
  SuiteFault,
} from '../../workloads/suite-file.ts';
import { prepareSuite } from '../../workloads/suite-source.ts';
import type { KnownSuite, SuiteBook } from '../suite-book.ts';

type SuiteCall = Extract<keyof Handlers, `suites.${string}`>;

/** Experiments that are named; a screen shows no more. */
const NAMED = 200;

/** Suites that are listed; who wants an older one opens its batch. */
const LISTED = 12;

export function suiteHandlers(suites: SuiteBook): Pick<Handlers, SuiteCall> {
  return {
    'suites.check': async ({ text, seed }) => ({
      check: await checked(() => understood(parseSuite(text, 'the suite'), seed)),
      known: await withText(suites.list().slice(0, LISTED), text),
    }),
    'suites.open': ({ path }) => ({ suite: suites.open(path) }),
    'suites.list': async () => ({
      suites: await Promise.all(suites.list().slice(0, LISTED).map(entryOf)),
    }),
    'suites.get': async (asked) => {
      const known = 'suite' in asked ? suites.find(asked.suite) : suites.ofBatch(asked.batch);
      const entry = await entryOf(known);
      const text = await readSuiteText(known.path).catch(() => '');
      const check =
        entry.check.kind === 'problem' ? entry.check : await onThisMachine(known.path, entry.check);
      return { ...entry, text, check };
    },
  };
}

async function entryOf({ id, path, batches }: KnownSuite): Promise<SuiteEntry> {
  const check = await checked(async () => understood(await readSuite(path)));
  return {
    id,
    path: redactHome(path, [homedir()]),
    name: check.kind === 'ok' ? check.name : nameOf(path),
    check,
    latest: batches[0] ?? null,
    batches: batches.length,
  };
}

/** What the text alone says. */
function understood(file: SuiteFile, seed = 42): SuiteCheck {
  const experiments = file.check(() => expandSuite(file.suite, { seed, hash: sha256 }));
  return {
    kind: 'ok',
    name: file.name,
    count: experiments.length,
    experiments: experiments.slice(0, NAMED).map(({ label, phase, queue }) => ({ label, phase, queue })),
    parameters: suiteParameters(file.suite),
    sweep: file.suite.phases === undefined ? sweepFacts(file.suite) : null,
  };
}

/** The same, unless its folder, its program or its data are not there. */
function onThisMachine(path: string, check: SuiteCheck): Promise<SuiteCheck> {
  return checked(async () => {
    const request = planRequest.parse({ workload: 'command', preset: 'suite' });
    const file = await readSuite(path);
    await prepareSuite(file, { request, hash: sha256, searchPath: process.env.PATH ?? '' });
    return check;
  });
}

async function checked(work: () => SuiteCheck | Promise<SuiteCheck>): Promise<SuiteCheck> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SuiteFault)
      return { kind: 'problem', sentence: error.reason, line: error.line, key: error.key || null };
    if (error instanceof ExpectedError && error.code === 'usage')
      return { kind: 'problem', sentence: error.message, line: null, key: null };
    throw error;
  }
}

/** A page that was given a file without its place may still use it if it is one of these. */
async function withText(suites: readonly KnownSuite[], text: string): Promise<string | null> {
  for (const { id, path } of suites) if ((await readSuiteText(path).catch(() => null)) === text) return id;
  return null;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(\.minibatch)?\.ya?ml$/i, '');
}
