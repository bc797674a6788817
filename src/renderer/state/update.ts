/** How a slice changes its own part of the state: a patch, or a pure function from the part to a patch. */
export type Update<Slice> = (change: Partial<Slice> | ((state: Slice) => Partial<Slice>)) => void;
