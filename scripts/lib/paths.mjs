import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const OUT = join(ROOT, 'out');
/** Reports of test stages and stamps that belong to no other folder; git-ignored. */
export const CACHE = join(ROOT, '.cache');
export const HEADLESS = join(OUT, 'headless', 'headless.js');
