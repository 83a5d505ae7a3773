import type { RunallNode } from '@muster/protocol/bridge';

/** The slots of a runall; null for one that is free. */
export type Seats = readonly (RunallNode | null)[];

/**
 * Gives nodes their slots: who had one keeps it, so that the board does not jump; others take the first that is free. There
 * are `size` slots, or more where more nodes than that run Puppet, which others may have started.
 */
export function seat(before: Seats, nodes: readonly RunallNode[], size: number): Seats {
  const still = new Map(nodes.map((node) => [node.identity, node]));
  const seats: (RunallNode | null)[] = Array.from({ length: Math.max(size, nodes.length) }, (_, index) => {
    const kept = still.get(before[index]?.identity ?? '') ?? null;
    if (kept !== null) still.delete(kept.identity);
    return kept;
  });
  for (const node of still.values()) seats[seats.indexOf(null)] = node;
  return seats;
}
