import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchDetail } from '../../shared/model/batch.ts';
import type { HardwareFacts } from '../../shared/model/hardware.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { asDiskFull } from '../platform/atomic-file.ts';
import { moveIntoTrash } from '../platform/trash.ts';
import { writeBatchFile } from '../store/batch-file.ts';
import { batchFolder, rebuildBatch } from '../store/batch-folder.ts';
import { type FrozenCode, freezeCode } from '../workloads/code-freeze.ts';

export interface NewBatch {
  readonly plan: Plan;
  readonly python: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly hardware: HardwareFacts;
  /** The code of the batch, made ready in a folder that becomes part of it. */
  readonly code?: StagedCode | null;
}

export interface StagedCode {
  readonly folder: string;
  readonly record: FrozenCode;
}

/** Freezes the code of a suite, if the plan has one, beside the batches. Throws ExpectedError. */
export async function stageCode(workspace: string, plan: Plan): Promise<StagedCode | null> {
  if (!plan.suite) return null;
  const folder = join(workspace, '.minibatch', 'freezing', randomBytes(4).toString('hex'));
  try {
    const record = await freezeCode(plan.suite, folder);
    return record && { folder, record };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Freezes a plan in a folder of its own, and reads it back from there: what the scheduler works with is what
 * a later start of the app will find. Throws ExpectedError('disk-full') and then leaves nothing behind.
 */
export function createBatchFolder(workspace: string, batch: NewBatch): BatchDetail {
  const { code, ...facts } = batch;
  const { plan, createdAt } = facts;
  const id = batchId(createdAt, plan.request.preset);
  const folder = batchFolder(workspace, id);
  try {
    mkdirSync(join(folder, 'runs'), { recursive: true });
    if (code)
      for (const name of readdirSync(code.folder)) renameSync(join(code.folder, name), join(folder, name));
    writeBatchFile(folder, {
      ...facts,
      ...(code && { code: code.record }),
      version: 1,
      id,
      title: `${plan.workloadTitle} ${plan.request.preset}`,
    });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw asDiskFull(error, folder);
  } finally {
    if (code) rmSync(code.folder, { recursive: true, force: true });
  }
  const rebuilt = rebuildBatch(workspace, id);
  if (rebuilt.kind === 'damaged') throw new Error(`The batch ${id} cannot be read back: ${rebuilt.sentence}`);
  return rebuilt.detail;
}

/** The folder of a batch goes to the workspace's trash. */
export function moveToTrash(workspace: string, batch: string): void {
  const source = batchFolder(workspace, batch);
  if (!existsSync(source)) return;
  moveIntoTrash(workspace, source, batch);
}

/** Local time, because people read it. */
function batchId(createdAt: number, preset: string): string {
  const date = new Date(createdAt * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  const time = `${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
  return `${day}-${time}-${preset}-${randomBytes(2).toString('hex')}`;
}
