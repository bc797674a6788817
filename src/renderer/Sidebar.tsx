import { useApp, useAppState } from './app-context.ts';
import { formatPercent } from '../shared/domain/format.ts';
import type { BatchRecord } from '../shared/model/batch.ts';
import { shownShortcut } from './commands.ts';
import { SidebarMeters } from './SidebarMeters.tsx';
import { batchRoute, hashOf, type Route, type Screen } from './state/route.ts';
import { isLive, sortedBatches } from './state/selectors.ts';
import { isMac } from './widgets/platform.ts';
import { StateMark } from './widgets/StateBadge.tsx';
import { ThemeButton } from './widgets/ThemeButton.tsx';
import { batchAppearance } from './widgets/tone.ts';

/** Finished batches listed under "Recent". */
const RECENT = 8;

/** Source list: screens, running and recent batches, the machine's two meters. */
export function Sidebar() {
  const { store } = useApp();
  const batches = useAppState((state) => state.batches);
  const route = useAppState((state) => state.route);
  const all = sortedBatches(batches ?? {});
  const live = all.filter(isLive);
  const recent = all.filter((batch) => !isLive(batch)).slice(0, RECENT);
  const shown = route.screen === 'batch' ? route.batch : null;
  const inGroups = [...live, ...recent].some((batch) => batch.id === shown);

  return (
    <aside className="sidebar">
      <div className="brand">
        <img src={new URL('./icon.svg', import.meta.url).href} alt="" width={18} height={18} />
        Minibatch
      </div>
      <nav className="sidebar-scroll" aria-label="Screens and batches">
        <NavItem
          title="Launch"
          screen="launch"
          route={{ screen: 'launch', workload: null, preset: null }}
          now={route.screen}
        />
        <NavItem
          title="Batches"
          screen="batches"
          route={{ screen: 'batches' }}
          now={route.screen === 'batch' && !inGroups ? 'batches' : route.screen}
          count={live.length > 0 ? `${live.length} running` : all.length > 0 ? String(all.length) : ''}
        />
        <NavItem
          title="Results"
          screen="results"
          route={{ screen: 'results', workload: null, batch: null, plot: 'scatter' }}
          now={route.screen}
        />
        <NavItem
          title="Machine"
          screen="machine"
          route={{ screen: 'machine', range: 300 }}
          now={route.screen}
        />
        <NavItem title="Setup" screen="setup" route={{ screen: 'setup' }} now={route.screen} />
        <BatchGroup title="Running" batches={live} shown={shown} />
        <BatchGroup title="Recent" batches={recent} shown={shown} />
      </nav>
      <SidebarMeters />
      <div className="sidebar-foot">
        <button
          type="button"
          className="button"
          data-kind="ghost"
          data-small=""
          onClick={() => store.getState().paletteToggled(true)}
        >
          Commands <kbd className="key">{shownShortcut('mod+k', isMac())}</kbd>
        </button>
        <ThemeButton />
      </div>
    </aside>
  );
}

interface NavItemProps {
  readonly title: string;
  readonly screen: Screen;
  readonly route: Route;
  readonly now: Screen;
  readonly count?: string;
}

function NavItem({ title, screen, route, now, count }: NavItemProps) {
  return (
    <a className="nav-item" href={hashOf(route)} aria-current={screen === now ? 'page' : undefined}>
      {title}
      {count ? <span className="nav-count">{count}</span> : null}
    </a>
  );
}

function BatchGroup({
  title,
  batches,
  shown,
}: {
  title: string;
  batches: readonly BatchRecord[];
  shown: string | null;
}) {
  if (batches.length === 0) return null;
  return (
    <div className="sidebar-group">
      <h2>{title}</h2>
      {batches.map((batch) => {
        const appearance = batchAppearance(batch);
        return (
          <a
            key={batch.id}
            className="nav-item"
            data-sub=""
            href={hashOf(batchRoute(batch.id))}
            aria-current={batch.id === shown ? 'page' : undefined}
            data-tone={appearance.tone}
            title={`${batch.title}: ${appearance.word}`}
          >
            <StateMark mark={appearance.mark} />
            <span className="truncate">{batch.title}</span>
            <span className="visually-hidden">{appearance.word}</span>
            {isLive(batch) ? (
              <span className="nav-count">{formatPercent(batch.progress.fraction)}</span>
            ) : null}
          </a>
        );
      })}
    </div>
  );
}
