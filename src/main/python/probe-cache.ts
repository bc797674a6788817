import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type InterpreterProbe, interpreterProbe } from '../../shared/model/python.ts';
import { writeFileAtomic } from '../platform/atomic-file.ts';

/** What interpreters said last time: importing torch takes seconds, reading a file does not. */
export interface ProbeCache {
  read(path: string, key: string): Promise<InterpreterProbe | null>;
  write(path: string, key: string, facts: InterpreterProbe): Promise<void>;
}

const entry = z.object({
  version: z.literal(1),
  path: z.string(),
  key: z.string(),
  at: z.number(),
  facts: interpreterProbe,
});

/** Devices come and go without a trace in the interpreter's files, so no answer counts for ever. */
const KEPT_SECONDS = 7 * 86_400;

/** One small file per interpreter in `<data>/python/probes`; damaged ones count as absent. */
export function createProbeCache(dataFolder: string, now: () => number): ProbeCache {
  const folder = join(dataFolder, 'python', 'probes');
  const fileOf = (path: string): string =>
    join(folder, `${createHash('sha256').update(path).digest('hex').slice(0, 24)}.json`);
  return {
    async read(path, key) {
      try {
        const found = entry.safeParse(JSON.parse(await readFile(fileOf(path), 'utf8')));
        if (!found.success || found.data.path !== path || found.data.key !== key) return null;
        return Math.abs(now() - found.data.at) < KEPT_SECONDS ? found.data.facts : null;
      } catch {
        return null;
      }
    },
    async write(path, key, facts) {
      try {
        await mkdir(folder, { recursive: true });
        writeFileAtomic(fileOf(path), `${JSON.stringify({ version: 1, path, key, at: now(), facts })}\n`);
      } catch {
        // Without the cache the next start is slower, nothing else.
      }
    },
  };
}

/**
 * Changes whenever the answer might: time and size of the program, of the probe script and of the folder that
 * packages are installed into (installing torch leaves the program as it was).
 */
export async function fingerprint(files: readonly [program: string, script: string]): Promise<string> {
  const [program, script] = files;
  const real = await realpath(program).catch(() => program);
  const environments = [...new Set([dirname(dirname(program)), dirname(dirname(real))])];
  const packages = await Promise.all(environments.map(packageFolders));
  const marks = await Promise.all([real, script, ...packages.flat()].map(markOf));
  return createHash('sha256').update(marks.join('\n')).digest('hex');
}

async function packageFolders(environment: string): Promise<string[]> {
  const names = await readdir(join(environment, 'lib')).catch(() => []);
  return names
    .filter((name) => name.startsWith('python3'))
    .flatMap((name) =>
      ['site-packages', 'dist-packages'].map((kind) => join(environment, 'lib', name, kind)),
    );
}

async function markOf(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found ? `${path} ${found.mtimeMs} ${found.size}` : `${path} absent`;
}
