// Stands for the module `electron` in the bundles under test. The double of this process lies under a well-known symbol.
const double = globalThis[Symbol.for('minibatch.electron-double')];

export const {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  Tray,
} = double;
