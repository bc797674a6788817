/** Pixels: the narrowest graph, the room between two, and a graph's head with its figures. */
export const CURVE = { narrowest: 300, gap: 22, head: 40, between: 10 } as const;

/** Pixels: the lowest graph that still shows a course, and the highest that one glance takes in. */
const LEAST = 92;
const MOST = 300;

/**
 * Height of each of `count` graphs in pixels, so that all are in sight where the room allows it; else they are as high
 * as is usual and the rest is scrolled to. `room` is what there is for all of them.
 */
export function curveHeight(
  room: { readonly width: number; readonly height: number },
  count: number,
): number {
  const columns = Math.max(1, Math.floor((room.width + CURVE.gap) / (CURVE.narrowest + CURVE.gap)));
  const rows = Math.max(1, Math.ceil(count / columns));
  const each = (room.height - (rows - 1) * CURVE.between) / rows - CURVE.head;
  return Math.round(
    each < LEAST ? Math.min(MOST, Math.max(LEAST, room.height - CURVE.head)) : Math.min(MOST, each),
  );
}
