import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Nothing is deleted: what is removed goes to the workspace's trash, under a free name. Returns its new path. */
export function moveIntoTrash(workspace: string, source: string, name: string): string {
  const trash = join(workspace, 'trash');
  mkdirSync(trash, { recursive: true });
  const ending = extname(name);
  const stem = name.slice(0, name.length - ending.length);
  let target = join(trash, name);
  for (let number = 2; existsSync(target); number += 1) target = join(trash, `${stem}-${number}${ending}`);
  renameSync(source, target);
  return target;
}
