import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** node-pty cannot start anything on a Mac when its helper lost the right to be executed on the way into the app. */
export function afterPack({ appOutDir, packager, electronPlatformName }) {
  if (electronPlatformName !== 'darwin') return;
  const resources = join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents', 'Resources');
  const helper = join(
    resources,
    'app.asar.unpacked/node_modules/node-pty/prebuilds/darwin-arm64/spawn-helper',
  );
  try {
    accessSync(helper, constants.X_OK);
  } catch (error) {
    throw new Error(`${helper} is missing or not executable; no run could start.`, { cause: error });
  }
}
