import { z } from 'zod';
import { setupJob, setupReport } from '../model/setup.ts';
import { call, topic } from './define.ts';

const done = z.strictObject({});

/** Whether this machine can train, and mending it. A page names Pythons by ids, never by paths. */
export const setupCalls = {
  /** `fresh`: every interpreter is started and every device measured again. */
  'setup.report': call(z.strictObject({ fresh: z.boolean().default(false) }), setupReport),
  /** The Python that runs are started with; null = Minibatch chooses. Refused for one that cannot train. */
  'setup.choose': call(z.strictObject({ python: z.string().min(1).nullable() }), done),
  /** Looks at a Python that a person named by its program or folder, and chooses it; answers with its id. */
  'setup.open': call(z.strictObject({ path: z.string().min(1) }), z.object({ python: z.string() }), ['path']),
  /**
   * Prepares a Python beside what is there, looks into it, and only then uses it. Refused while runs live. Its course is
   * told by the topic `setup`.
   */
  'setup.prepare': call(done, done),
  'setup.cancel': call(done, done),
};

export const setupTopics = {
  /** The preparation as it goes, first as it stands. Another `revision` means that a new report says something else. */
  setup: topic(z.object({ revision: z.number().int(), job: setupJob })),
};
