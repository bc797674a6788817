import { createAskedPlans } from './asked-plans.ts';
import { appHandlers } from './handlers/app.ts';
import { archiveHandlers } from './handlers/archive.ts';
import { batchHandlers } from './handlers/batches.ts';
import { machineHandlers } from './handlers/machine.ts';
import { presetHandlers } from './handlers/presets.ts';
import { resultHandlers } from './handlers/results.ts';
import { runHandlers } from './handlers/runs.ts';
import { setupHandlers } from './handlers/setup.ts';
import { suiteHandlers } from './handlers/suites.ts';
import { workloadHandlers } from './handlers/workloads.ts';
import type { CoreParts } from './parts.ts';
import type { Router } from './router.ts';
import { createSuiteBook } from './suite-book.ts';
import { topicSources } from './topics.ts';
import { watchSources } from './watches.ts';

/** The router over the real core. */
export function createRouter(parts: CoreParts, options: Pick<Router, 'checkOutput' | 'reportBug'>): Router {
  const suites = createSuiteBook(parts.store);
  const asked = createAskedPlans(parts.catalog, suites);
  return {
    version: parts.version,
    handlers: {
      ...appHandlers(parts),
      ...workloadHandlers(parts, { asked, suites }),
      ...presetHandlers(parts, suites),
      ...suiteHandlers(suites),
      ...batchHandlers(parts, asked),
      ...runHandlers(parts),
      ...machineHandlers(parts),
      ...resultHandlers(parts),
      ...archiveHandlers(parts),
      ...setupHandlers(parts.setup),
    },
    topics: topicSources(parts),
    watches: watchSources(parts),
    ...options,
  };
}
