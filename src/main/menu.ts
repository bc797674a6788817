import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { openOutside } from './guards.ts';

const MPS_NOTES = 'https://docs.pytorch.org/docs/stable/notes/mps.html';

/** Screens by the id of the command that shows them; the page's own registry of commands knows the same ids. */
const SCREENS: readonly (readonly [id: string, label: string])[] = [
  ['go.launch', 'Launch'],
  ['go.batches', 'Batches'],
  ['go.results', 'Results'],
  ['go.machine', 'Machine'],
  ['go.setup', 'Setup'],
];

/** Sets the application menu. `command` receives the id of what was chosen. */
export function setMenu(command: (id: string) => void): void {
  const screens = SCREENS.map(
    ([id, label], index): MenuItemConstructorOptions => ({
      label,
      accelerator: `CommandOrControl+${index + 1}`,
      click: () => command(id),
    }),
  );
  const template: MenuItemConstructorOptions[] = [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        { label: 'New Batch', accelerator: 'CommandOrControl+N', click: () => command('go.launch') },
        {
          label: 'Open Suite…',
          accelerator: 'CommandOrControl+O',
          click: () => command('launch.open-suite'),
        },
        { type: 'separator' },
        process.platform === 'darwin' ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        ...screens,
        { type: 'separator' },
        {
          label: 'Find a Command',
          accelerator: 'CommandOrControl+K',
          click: () => command('window.palette'),
        },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [{ label: 'PyTorch on Apple Silicon', click: () => openOutside(MPS_NOTES) }] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
