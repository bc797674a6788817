import { lazy, Suspense } from 'react';
import { useApp, useAppState } from './app-context.ts';
import { Sidebar } from './Sidebar.tsx';
import type { Route } from './state/route.ts';
import { BatchScreen } from './views/batch/BatchScreen.tsx';
import { BatchesScreen } from './views/batches/BatchesScreen.tsx';
import { LaunchScreen } from './views/launch/LaunchScreen.tsx';
import { MachineScreen } from './views/machine/MachineScreen.tsx';
import { SetupScreen } from './views/setup/SetupScreen.tsx';
import { Confirm } from './widgets/Confirm.tsx';
import { ConnectionBanner } from './widgets/ConnectionBanner.tsx';
import { DropTarget } from './widgets/DropTarget.tsx';
import { Palette } from './widgets/Palette.tsx';
import { ShortcutSheet } from './widgets/ShortcutSheet.tsx';
import { Toasts } from './widgets/Toasts.tsx';

const ResultsScreen = lazy(async () => ({
  default: (await import('./views/results/ResultsScreen.tsx')).ResultsScreen,
}));

/** The frame: source list, banner, the screen of the route, and what floats above. */
export function App() {
  const { actions } = useApp();
  const route = useAppState((state) => state.route);
  return (
    <div className="frame">
      <Sidebar />
      <main className="main">
        <ConnectionBanner />
        <Suspense fallback={null}>{screenOf(route)}</Suspense>
      </main>
      <DropTarget words="Drop a suite file to open it" onDrop={actions.dropSuite} />
      <Toasts />
      <Palette />
      <ShortcutSheet />
      <Confirm />
    </div>
  );
}

function screenOf(route: Route) {
  switch (route.screen) {
    case 'launch':
      return <LaunchScreen route={route} />;
    case 'batches':
      return <BatchesScreen />;
    case 'batch':
      return <BatchScreen key={route.batch} route={route} />;
    case 'results':
      return <ResultsScreen route={route} />;
    case 'machine':
      return <MachineScreen range={route.range} />;
    case 'setup':
      return <SetupScreen />;
  }
}
