#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { asProgram } from './lib/command.mjs';
import { launch, WITH_STARTER } from './lib/launch.mjs';
import { ensureNode, withNode } from './lib/node.mjs';
import { HEADLESS } from './lib/paths.mjs';
import { setUp } from './setup.mjs';

/** The command line without set-up once it is built: what is there is what runs. */
async function main(args) {
  const node = await ensureNode();
  if (!existsSync(HEADLESS)) await setUp();
  return launch(node, ['--import', WITH_STARTER, HEADLESS, ...args], { env: withNode(node) });
}

await asProgram(() => main(process.argv.slice(2)));
