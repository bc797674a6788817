import type { TopicItem } from '../../shared/contract/contract.ts';
import type { DoctorReport } from '../../shared/model/python.ts';
import type { Hardware } from '../hardware/hardware.ts';
import type { Clock } from '../platform/clock.ts';
import type { Planner } from '../scheduler/planner.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { Backups } from '../store/backups.ts';
import type { Store } from '../store/store.ts';
import type { Catalog } from '../workloads/catalog.ts';
import type { PresetFiles } from '../workloads/preset-files.ts';
import type { LogFiles } from './logs/log-files.ts';
import type { TopicSource } from './router.ts';
import type { SetupDesk } from './setup-desk.ts';

export type Notice = TopicItem<'notice'>;

/** The parts of the core that answer calls; `app.ts` builds them. */
export interface CoreParts {
  readonly version: string;
  readonly clock: Clock;
  /** Unix seconds. */
  readonly startedAt: number;
  readonly store: Store;
  readonly hardware: Hardware;
  readonly catalog: Catalog;
  readonly presets: PresetFiles;
  readonly planner: Planner;
  readonly scheduler: Scheduler;
  readonly logs: LogFiles;
  readonly backups: Backups;
  readonly notices: TopicSource<Notice>;
  readonly setup: SetupDesk;
  /** `python`: an interpreter to look at besides the ones that are found. */
  doctor(python?: string): Promise<DoctorReport>;
  /** Absolute path of an interpreter that can run a workload's `analyze.py` and `adopt.py`; throws ExpectedError('python-missing'). */
  analysisPython(): Promise<string>;
}
