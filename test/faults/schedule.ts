import { integer, type Random } from '@muster/build/fleet';
import type { FaultKind } from './kinds/index.ts';

/** A fault and when it is injected, in milliseconds after the start. */
export interface Planned {
  readonly kind: FaultKind;
  readonly atMs: number;
}

/** Every kind as often as every other, in a random order, at random moments; `count` is rounded up to whole rounds. */
export function plan(
  kinds: readonly FaultKind[],
  random: Random,
  options: { count: number; durationMs: number },
): readonly Planned[] {
  const rounds = Math.max(1, Math.ceil(options.count / kinds.length));
  const all = Array.from({ length: rounds }, () => kinds).flat();
  const moments = all.map(() => integer(random, 0, options.durationMs)).toSorted((one, other) => one - other);
  return all
    .map((kind) => ({ kind, place: random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ kind }, index) => ({ kind, atMs: moments[index] ?? 0 }));
}
