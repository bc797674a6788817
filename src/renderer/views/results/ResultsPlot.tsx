import { useEffect, useRef, useState } from 'react';
import type { Comparison } from '../../../shared/model/comparison.ts';
import { useAppState } from '../../app-context.ts';
import { loadPlotly } from '../../live/plot.ts';
import type { PlotKind } from '../../state/route.ts';
import { shownTheme } from '../../state/ui-slice.ts';
import { useSize } from '../../widgets/use-size.ts';
import { darkFigure, lightFigure } from './figure.ts';
import { figureOf } from './figures.ts';
import type { Spread } from './scatter-figure.ts';

const config = { displayModeBar: false, responsive: false, showTips: false };

/** The figure on screen; its numbers stand in the table below. */
export function ResultsPlot({
  comparison,
  kind,
  spread,
}: {
  comparison: Comparison;
  kind: PlotKind;
  spread: Spread;
}) {
  const [box, { width, height }] = useSize<HTMLDivElement>();
  const theme = useAppState(shownTheme);
  const [problem, setProblem] = useState<string | null>(null);
  const drawn = useRef(false);

  useEffect(() => {
    const element = box.current;
    if (!element || width === 0 || height === 0) return;
    let stopped = false;
    async function draw(target: HTMLDivElement): Promise<void> {
      const plotly = await loadPlotly();
      if (stopped) return;
      const figure = figureOf(kind, comparison, {
        theme: theme === 'dark' ? darkFigure : lightFigure,
        spread,
      });
      await plotly.react(target, figure.data, { ...figure.layout, width, height }, config);
      drawn.current = true;
    }
    draw(element).catch((error: unknown) =>
      setProblem(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      stopped = true;
    };
  }, [box, comparison, kind, spread, theme, width, height]);

  useEffect(() => {
    const element = box.current;
    return () => {
      if (element && drawn.current) void loadPlotly().then((plotly) => plotly.purge(element));
    };
  }, [box]);

  return (
    <>
      {problem ? <p className="sentence-error">{problem}</p> : null}
      <div
        ref={box}
        className="plot"
        role="img"
        aria-label="Figure; the table below holds its numbers"
        data-plot={kind}
      />
    </>
  );
}
