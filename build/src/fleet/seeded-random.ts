/** Numbers in [0, 1) that are the same for the same seeds. */
export type Random = () => number;

/** The generator "mulberry32": 32 bits of state, good enough for made-up facts, unfit for secrets. */
export function seededRandom(...seeds: readonly number[]): Random {
  let state = seeds.reduce((mixed, seed) => Math.imul(mixed ^ seed, 0x9e3779b1) + 0x85ebca6b, 0x243f6a88) | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `first` to `last`, both included. */
export const integer = (random: Random, first: number, last: number): number =>
  first + Math.floor(random() * (last - first + 1));

interface Choice<T> {
  /** How likely it is beside the others. */
  readonly weight: number;
  readonly value: T;
}

export type Choices<T> = readonly [Choice<T>, ...Choice<T>[]];

/** One of the choices, each as likely as its weight says. */
export function weighted<T>(random: Random, choices: Choices<T>): T {
  const total = choices.reduce((sum, { weight }) => sum + weight, 0);
  let rest = random() * total;
  for (const { weight, value } of choices) {
    rest -= weight;
    if (rest < 0) return value;
  }
  return choices[0].value;
}

export const pick = <T>(random: Random, choices: readonly [T, ...T[]]): T =>
  choices[Math.floor(random() * choices.length)] ?? choices[0];
