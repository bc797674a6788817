/// <reference types="vite/client" />

/** The part of Plotly that the results screen uses; the package carries no types. */
declare module 'plotly.js/dist/plotly-cartesian.min.js' {
  export type PlotlyTrace = Readonly<Record<string, unknown>>;
  export type PlotlyLayout = Readonly<Record<string, unknown>>;
  interface Plotly {
    react(
      element: HTMLElement,
      data: readonly PlotlyTrace[],
      layout: PlotlyLayout,
      config: Readonly<Record<string, unknown>>,
    ): Promise<unknown>;
    toImage(
      figure: { readonly data: readonly PlotlyTrace[]; readonly layout: PlotlyLayout },
      options: {
        readonly format: 'png' | 'svg';
        readonly width: number;
        readonly height: number;
        readonly scale?: number;
      },
    ): Promise<string>;
    purge(element: HTMLElement): void;
  }
  const plotly: Plotly;
  export default plotly;
}
