import { useEffect } from 'react';
import type { Comparison } from '../../../shared/model/comparison.ts';
import { saveBlob } from '../../actions/save-file.ts';
import { useApp, useAppState } from '../../app-context.ts';
import type { ResultSelection } from '../../actions/result-actions.ts';
import { fileName } from '../../live/log-download.ts';
import { figureImage } from '../../live/plot.ts';
import type { PlotKind } from '../../state/route.ts';
import { manifestOf } from '../../state/selectors.ts';
import { Menu, type MenuItem } from '../../widgets/Menu.tsx';
import { lightFigure } from './figure.ts';
import { figureOf } from './figures.ts';
import type { Spread } from './scatter-figure.ts';

/** Files beside the batch: points may be too many for a download. */
const POINT_ITEMS = [
  { format: 'points', title: 'Write all points as CSV', hint: 'a line for each value of each metric' },
  {
    format: 'points-wide',
    title: 'Write all points as CSV, wide',
    hint: 'a line for each step, a column for each metric',
  },
  {
    format: 'points-jsonl',
    title: 'Write all points as JSON Lines',
    hint: 'a line for each value of each metric',
  },
  {
    format: 'points-wide-jsonl',
    title: 'Write all points as JSON Lines, wide',
    hint: 'a line for each step',
  },
  { format: 'jsonl', title: 'Write all rows as JSON Lines', hint: 'every result row' },
] as const;

interface ExportMenuProps {
  readonly selection: ResultSelection;
  readonly comparison: Comparison;
  readonly kind: PlotKind;
  readonly spread: Spread;
}

/** Saves the figure (always in the light theme, for paper) and the tables. */
export function ExportMenu({ selection, comparison, kind, spread }: ExportMenuProps) {
  const { actions, store } = useApp();
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

  const items: readonly MenuItem[] = [
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
    ...POINT_ITEMS.map(({ format, ...item }) => ({
      ...item,
      run: () => void actions.exportFiles(selection, format),
    })),
    ...(formats ?? []).map((format) => ({
      title: `Write ${format} files`,
      hint: "into the batch's exports folder",
      run: () => void actions.exportFiles(selection, format),
    })),
  ];
  return <Menu title="Export…" label="Export" kind="primary" items={items} />;
}
