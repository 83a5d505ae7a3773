/** The clock, as a parameter: milliseconds since the epoch. */
export type Clock = () => number;
/** Randomness, as a parameter: that many random bytes. */
export type RandomBytes = (count: number) => Uint8Array;
