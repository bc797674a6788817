/** Drawing of what a batch looks like, for first screens: outlines only, so nobody takes it for data. */
export function LanesPicture() {
  const lanes = [
    [0, 62, 66, 120],
    [0, 96, 100, 168],
    [0, 44, 48, 104, 108, 190],
  ];
  return (
    <svg width="220" height="76" viewBox="0 0 220 76" aria-hidden="true" className="picture">
      {lanes.flatMap((bars, lane) =>
        bars.flatMap((from, at) => {
          const to = bars[at + 1];
          return at % 2 === 0 && to !== undefined
            ? [
                <rect
                  key={`${lane}-${at}`}
                  x={10 + from}
                  y={8 + lane * 21}
                  width={to - from}
                  height={14}
                  rx={3}
                />,
              ]
            : [];
        }),
      )}
      <path d="M146 2v66" strokeDasharray="2 3" />
    </svg>
  );
}
