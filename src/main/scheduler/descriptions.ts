import { canonicalJson } from '../../shared/domain/identity.ts';
import type { Description } from '../../shared/model/experiment.ts';
import type { Parameters } from '../../shared/model/json.ts';
import type { Clock } from '../platform/clock.ts';
import { describeWorkload, type DescribeRequest } from '../workloads/describe.ts';

/** Describes with given option values. */
export type Describe = (options: Parameters) => Promise<Description>;

/** Descriptions remembered; a screen asks for the same few again and again. */
const REMEMBERED = 64;
/** Seconds. A workload's author who edits describe.py sees the change after this. */
const KEPT_FOR = 60;

/** `describeWorkload` with a memory. A failed description is asked for again the next time. */
export function createDescriptions(clock: Clock): (request: DescribeRequest) => Promise<Description> {
  const memory = new Map<string, { at: number; answer: Promise<Description> }>();
  return (request) => {
    const { workload, python, options, seed } = request;
    const key = canonicalJson({
      folder: workload.folder,
      version: workload.manifest.version,
      python,
      options,
      seed,
    });
    const known = memory.get(key);
    const now = clock.monotonic();
    if (known !== undefined && now - known.at < KEPT_FOR) return known.answer;
    const answer = describeWorkload(request);
    memory.delete(key);
    memory.set(key, { at: now, answer });
    answer.catch(() => memory.delete(key));
    for (const oldest of memory.keys()) {
      if (memory.size <= REMEMBERED) break;
      memory.delete(oldest);
    }
    return answer;
  };
}
