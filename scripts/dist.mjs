import { join } from 'node:path';
import { asProgram, must, report } from './lib/command.mjs';
import { launch } from './lib/launch.mjs';
import { ensureNode, withNode } from './lib/node.mjs';
import { ROOT } from './lib/paths.mjs';

/** `npm run dist`: builds and packages the app for Apple silicon into dist/. Signing needs a Mac. */
await asProgram(async () => {
  const node = await ensureNode();
  const env = withNode(node);
  report('Building');
  await must(node, [join(ROOT, 'scripts', 'build.mjs')], { env, wayOut: 'Run "npm run check".' });
  const builder = join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
  return launch(node, [builder, '--mac', '--arm64', '--publish', 'never', ...process.argv.slice(2)], {
    env,
    cwd: ROOT,
  });
});
