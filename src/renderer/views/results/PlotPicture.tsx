/** Drawing of a comparison for first screens: outlines only, so nobody takes it for data. */
export function PlotPicture() {
  return (
    <svg width="220" height="96" viewBox="0 0 220 96" aria-hidden="true" className="picture">
      <path d="M14 8v74h198" />
      <path d="M24 68C70 40 120 28 204 22" />
      <path d="M24 78C80 58 130 48 204 42" strokeDasharray="4 3" />
      {[44, 84, 124, 164, 204].map((x) => (
        <circle key={x} cx={x} cy={68 - (x - 24) * 0.42 + ((x - 24) / 100) ** 2 * 9} r={3} />
      ))}
    </svg>
  );
}
