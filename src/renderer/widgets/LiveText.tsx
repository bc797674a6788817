/**
 * A line of text that changes all the time. Its box is given by what stands around it, so that another text lays out
 * nothing but itself.
 */
export function LiveText({ children }: { children: string }) {
  return <span className="live-text">{children}</span>;
}
