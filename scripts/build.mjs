import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { OUT, ROOT } from './lib/paths.mjs';

/** Native modules, and modules with optional native parts, are loaded from node_modules. */
const EXTERNAL = ['electron', 'node-pty', 'better-sqlite3', 'ws', 'systeminformation'];
const NODE_TARGET = 'node24';

function nodeBundle(entry, output) {
  return {
    ssr: { noExternal: true, external: EXTERNAL, target: 'node' },
    build: {
      ssr: join(ROOT, entry),
      target: NODE_TARGET,
      sourcemap: true,
      minify: false,
      rolldownOptions: { external: EXTERNAL, output },
    },
  };
}

const bundles = {
  headless: nodeBundle('src/main/headless.ts', { format: 'es', entryFileNames: 'headless.js' }),
  main: nodeBundle('src/main/index.ts', { format: 'es', entryFileNames: 'index.js' }),
  // A sandboxed preload script must be CommonJS in one file.
  preload: nodeBundle('src/preload/index.ts', {
    format: 'cjs',
    entryFileNames: 'index.cjs',
    codeSplitting: false,
  }),
  renderer: {
    root: join(ROOT, 'src', 'renderer'),
    base: '/',
    plugins: [react()],
    build: {
      target: 'chrome140',
      // The content security policy allows no inline script and no data: fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
    },
  },
};

/**
 * Builds beside the old bundles and swaps each folder at the end, so that an app that is running never finds half of one.
 */
async function buildAll(names) {
  const building = join(OUT, `.building-${process.pid}`);
  mkdirSync(building, { recursive: true });
  try {
    for (const name of names) {
      const bundle = bundles[name];
      await build({
        configFile: false,
        root: ROOT,
        logLevel: 'warn',
        ...bundle,
        build: { ...bundle.build, outDir: join(building, name), emptyOutDir: true },
      });
    }
    for (const name of names) {
      const old = join(building, `old-${name}`);
      if (existsSync(join(OUT, name))) renameSync(join(OUT, name), old);
      renameSync(join(building, name), join(OUT, name));
    }
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(name in bundles));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no bundle "${unknown[0]}"; choose from ${Object.keys(bundles).join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  // The stack of a failed build lies in the bundler and hides the sentence that names the file.
  await buildAll(names.length > 0 ? names : Object.keys(bundles)).catch((error) => {
    process.stderr.write(`${error.message.replaceAll(/^ +at .*\n?/gm, '')}\n`);
    process.exitCode = 1;
  });
}
