import { useEffect, useRef, useState } from 'react';
import type { Comparison } from '../../../shared/model/comparison.ts';
import { saveBlob } from '../../actions/save-file.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { ResultSelection } from '../../actions/result-actions.ts';
import { fileName } from '../../live/log-download.ts';
import { figureImage } from '../../live/plot.ts';
import type { PlotKind } from '../../state/route.ts';
import { manifestOf } from '../../state/selectors.ts';
import { Button } from '../../widgets/Button.tsx';
import { lightFigure } from './figure.ts';
import { figureOf } from './figures.ts';
import type { Spread } from './scatter-figure.ts';

interface ExportMenuProps {
  readonly selection: ResultSelection;
  readonly comparison: Comparison;
  readonly kind: PlotKind;
  readonly spread: Spread;
}

/** Saves the figure (always in the light theme, for paper) and the tables. */
export function ExportMenu({ selection, comparison, kind, spread }: ExportMenuProps) {
  const { actions, store } = useApp();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void actions.ensureWorkloads();
  }, [actions]);
  const formats = useAppState((state) => manifestOf(state, selection.workload)?.exports);

  async function saveFigure(format: 'png' | 'svg'): Promise<void> {
    try {
      const image = await figureImage(figureOf(kind, comparison, { theme: lightFigure, spread }), format);
      saveBlob(`${fileName(`${comparison.workload} ${kind}`)}.${format}`, image);
    } catch (error) {
      store
        .getState()
        .noticed(
          'error',
          `The figure could not be drawn: ${error instanceof Error ? error.message : String(error)}`,
        );
    }
  }

  const items: readonly { readonly title: string; readonly hint: string; readonly run: () => void }[] = [
    { title: 'Figure as PNG', hint: '2,700 pixels wide', run: () => void saveFigure('png') },
    { title: 'Figure as SVG', hint: 'for papers', run: () => void saveFigure('svg') },
    {
      title: 'Statistics as CSV',
      hint: 'a row per experiment and group',
      run: () => void actions.downloadTable(selection, 'statistics'),
    },
    {
      title: 'All rows as CSV',
      hint: 'every single value',
      run: () => void actions.downloadTable(selection, 'rows'),
    },
    ...(formats ?? []).map((format) => ({
      title: `Write ${format} files`,
      hint: "into the batch's exports folder",
      run: () => void actions.exportFiles(selection, format),
    })),
  ];
  return (
    <div
      ref={box}
      className="menu-box"
      onBlur={(event) => {
        if (!box.current?.contains(event.relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (event.key === 'Escape') setOpen(false);
        if (step === undefined || !open) return;
        event.preventDefault();
        const entries = [...(box.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
        const at = entries.findIndex((entry) => entry === document.activeElement);
        entries[(at + step + entries.length) % entries.length]?.focus();
      }}
    >
      <Button kind="primary" onClick={() => setOpen(!open)}>
        Export…
      </Button>
      {open ? (
        <div className="menu" role="menu" aria-label="Export">
          {items.map((item) => (
            <button
              key={item.title}
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false);
                item.run();
              }}
            >
              <span>{item.title}</span>
              <span className="tiny quiet">{item.hint}</span>
            </button>
          ))}
        </div>
      ) : null}
    </div>
  );
}
