import './zod-jitless.ts';
import './theme/index.css';
import { browserHost } from '../shared/host.ts';
import { createRoot } from 'react-dom/client';
import { createActions } from './actions.ts';
import { App } from './App.tsx';
import { AppContext, type AppTools } from './app-context.ts';
import { listCommands } from './commands.ts';
import { connect } from './connect.ts';
import { pickDoor } from './doors/pick.ts';
import { createMachineFeed } from './live/machine-feed.ts';
import { loadCurveAxis, loadPaneShare, loadTheme } from './preferences.ts';
import { createAppStore } from './state/store.ts';
import { followKeys, followMenu, followRoute, followTheme, followTitle } from './window-events.ts';

async function start(): Promise<void> {
  const store = createAppStore();
  const door = pickDoor(window);
  document.documentElement.dataset['host'] = door.host;
  const [theme, axis, share] = await Promise.all([loadTheme(), loadCurveAxis(), loadPaneShare()]);
  store.getState().themeChosen(theme);
  store.getState().curveAxisChosen(axis);
  store.getState().paneShareChosen(share);
  followTheme(store);
  followRoute(store);

  const connection = connect(door, store);
  followTitle(store, connection);
  const host = window.minibatch?.host ?? browserHost;
  const actions = createActions({ store, connection, host });
  const machine = createMachineFeed(connection, store);
  const commands = () => listCommands(store.getState(), actions);
  followKeys(commands);
  followMenu(host, commands);

  const tools: AppTools = { store, actions, connection, host, machine, commands };
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no element called root.');
  createRoot(root).render(
    <AppContext value={tools}>
      <App />
    </AppContext>,
  );
}

void start();
