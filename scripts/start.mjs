import { asProgram, report } from './lib/command.mjs';
import { electronBinary, hasDisplay } from './lib/electron.mjs';
import { launch, WITH_STARTER } from './lib/launch.mjs';
import { HEADLESS, ROOT } from './lib/paths.mjs';
import { setUp } from './setup.mjs';

/** `npm start`: the window or, where there is none, the served app. `npm start -- <command> …`: the command line. */
async function main(args) {
  const { node, env } = await setUp();
  const wantsApp = args.length === 0 || /^--(?!help|version)/.test(args[0]);
  const cli = (commandLine) => launch(node, ['--import', WITH_STARTER, HEADLESS, ...commandLine], { env });
  if (!wantsApp) return cli(args);

  const electron = electronBinary();
  if (electron && hasDisplay()) return launch(electron, [ROOT, ...args], { env });
  report(
    electron
      ? 'No display here, so the app is served to a browser.'
      : 'Electron is not installed ("npx install-electron" fetches it), so the app is served to a browser.',
  );
  return cli(['serve', ...args]);
}

await asProgram(() => main(process.argv.slice(2)));
